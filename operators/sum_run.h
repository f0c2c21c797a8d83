// Sums of many values that stand one after the other.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/int128.h"

namespace onrush {

// The sum of `count` values, exactly. Chooses for the processor that it runs on: some 0.1 ns a value
// with AVX2, unless values are beyond 2^53, a nanosecond then.
Int128 SumOf(const int64_t* values, size_t count);

// What it chooses from: the sum of up to kSumsAtOnce values modulo 2^64 and, in `beyond`, whether
// any is outside of [−2^53, 2^53), so that the sum may not fit.
inline constexpr size_t kSumsAtOnce = 512;
using SumSome = int64_t (*)(const int64_t* values, size_t count, bool& beyond);
int64_t SumSomePortable(const int64_t* values, size_t count, bool& beyond);
// Requires: HasAvx2().
int64_t SumSomeAvx2(const int64_t* values, size_t count, bool& beyond);

}  // namespace onrush
