#include "core/int128.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/check.h"
#include "core/value.h"

namespace onrush {
namespace {

constexpr uint64_t kTenTo19 = 10'000'000'000'000'000'000u;

// Digits of `value` into the 39 bytes before `end`; returns where they begin.
char* DigitsBackward(Uint128 value, char* end) {
  char* out = end;
  while (value > UINT64_MAX) {
    uint64_t low = static_cast<uint64_t>(value % kTenTo19);
    value /= kTenTo19;
    for (int i = 0; i < 19; ++i, low /= 10) *--out = static_cast<char>('0' + low % 10);
  }
  uint64_t rest = static_cast<uint64_t>(value);
  do {
    *--out = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  return out;
}

int BitWidth(Uint128 value) {
  const uint64_t high = static_cast<uint64_t>(value >> 64);
  if (high != 0) return 128 - __builtin_clzll(high);
  const uint64_t low = static_cast<uint64_t>(value);
  return low == 0 ? 0 : 64 - __builtin_clzll(low);
}

}  // namespace

void AppendInt128(Int128 value, std::string& out) {
  char buffer[40];
  char* const end = buffer + sizeof(buffer);
  if (value >= INT64_MIN && value <= INT64_MAX) {
    const auto result = std::to_chars(buffer, end, static_cast<int64_t>(value));
    out.append(buffer, result.ptr);
    return;
  }
  char* begin = DigitsBackward(Magnitude(value), end);
  if (value < 0) out.push_back('-');
  out.append(begin, end);
}

void AppendDecimal(Int128 value, int scale, std::string& out) {
  if (scale == 0) return AppendInt128(value, out);
  char buffer[64];
  char* const end = buffer + sizeof(buffer);
  char* begin = DigitsBackward(Magnitude(value), end);
  while (end - begin <= scale) *--begin = '0';  // one digit before the point at least
  if (value < 0) out.push_back('-');
  out.append(begin, end - scale);
  out.push_back('.');
  out.append(end - scale, end);
}

double DivideRounded(Int128 numerator, int64_t denominator, int scale) {
  ONRUSH_DCHECK(denominator > 0 && scale >= 0 && scale <= kMaxDecimalScale);
  return DivideRounded(numerator, Int128{denominator} * kPowersOfTen[scale]);
}

// Long division in binary: enough quotient bits for a double and a sticky bit, then one rounding.
double DivideRounded(Int128 numerator, Int128 denominator) {
  ONRUSH_DCHECK(denominator > 0);
  if (numerator == 0) return 0.0;
  const Uint128 divisor = static_cast<Uint128>(denominator);
  Uint128 magnitude = Magnitude(numerator);
  Uint128 quotient = magnitude / divisor;
  Uint128 remainder = magnitude % divisor;
  int exponent = 0;
  // The divisor is below 2^127, so that doubling a remainder cannot overflow.
  while (BitWidth(quotient) < 64) {
    remainder <<= 1;
    quotient <<= 1;
    --exponent;
    if (remainder >= divisor) {
      remainder -= divisor;
      quotient |= 1;
    }
  }
  const int excess = BitWidth(quotient) - 64;  // keep 64 bits, the rest is sticky
  bool sticky = remainder != 0;
  if (excess > 0) {
    sticky = sticky || (quotient & ((Uint128{1} << excess) - 1)) != 0;
    quotient >>= excess;
    exponent += excess;
  }
  uint64_t bits = static_cast<uint64_t>(quotient);
  // 64 bits to 53, to nearest, ties to even.
  const uint64_t tail = bits & 0x7FF;
  bits >>= 11;
  if (tail > 0x400 || (tail == 0x400 && (sticky || (bits & 1) != 0))) ++bits;
  const double result = std::ldexp(static_cast<double>(bits), exponent + 11);
  return numerator < 0 ? -result : result;
}

}  // namespace onrush
