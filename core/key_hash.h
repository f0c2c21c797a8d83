// Hashes of keys.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace onrush {

// Sets hashes[i] to the hash of keys[i] for `count` keys: i is each of `rows`, or, if they are
// null, 0 to count - 1. Hashes that are compared must come from this function, in one process and
// with one seed; it chooses for the processor that it runs on. Some 3 ns a key of up to 16 bytes
// with AVX-512, 3 to 7 without.
void HashKeys(const std::string_view* keys, const uint32_t* rows, size_t count, uint64_t seed,
              uint64_t* hashes);

// The functions that it chooses from. The processor must have AVX-512 (BW and VL) for the second.
void HashKeysPortable(const std::string_view* keys, const uint32_t* rows, size_t count,
                      uint64_t seed, uint64_t* hashes);
void HashKeysAvx512(const std::string_view* keys, const uint32_t* rows, size_t count, uint64_t seed,
                    uint64_t* hashes);
bool HasAvx512ForHashing();

}  // namespace onrush
