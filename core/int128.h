// 128-bit integers: sums of 64-bit values that cannot wrap in any stream that fits on Earth.
#pragma once

#include <cstdint>
#include <string>

namespace onrush {

using Int128 = __int128;
using Uint128 = unsigned __int128;

// |value|, also of the least one.
constexpr Uint128 Magnitude(Int128 value) {
  return value < 0 ? -static_cast<Uint128>(value) : static_cast<Uint128>(value);
}

// Appends `value` in decimal. About 10 ns for values that fit 64 bits.
void AppendInt128(Int128 value, std::string& out);

// Appends value · 10^-scale with exactly `scale` digits after the point (none and no point for 0).
void AppendDecimal(Int128 value, int scale, std::string& out);

// The double nearest to numerator / (denominator · 10^scale), ties to even: one rounding.
// Requires: denominator > 0, 0 ≤ scale ≤ 18.
double DivideRounded(Int128 numerator, int64_t denominator, int scale);

// The double nearest to numerator / denominator, ties to even. Requires: denominator > 0.
double DivideRounded(Int128 numerator, Int128 denominator);

}  // namespace onrush
