// Columns of narrow steps into 64-bit numbers.
#pragma once

#include <cstddef>
#include <cstdint>

namespace onrush {

// Sets to[i] to base + unit · step i, modulo 2^64, for `count` steps of `width` bytes (1, 2, 4 or
// 8) each, at any address. Chooses at run time; a quarter of a nanosecond a value with AVX2, half
// of one without.
void WidenSteps(const char* steps, uint8_t width, size_t count, int64_t base, uint64_t unit,
                int64_t* to);

// The same without special instructions, and with AVX2, which the processor must have.
void WidenStepsPortable(const char* steps, uint8_t width, size_t count, int64_t base, uint64_t unit,
                        int64_t* to);
void WidenStepsAvx2(const char* steps, uint8_t width, size_t count, int64_t base, uint64_t unit,
                    int64_t* to);

}  // namespace onrush
