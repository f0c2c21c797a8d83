#include "core/rational.h"

#include <cstdint>
#include <numeric>
#include <utility>

#include "core/value.h"

namespace onrush {
namespace {

Uint128 Gcd(Uint128 a, Uint128 b) {
  while (a > UINT64_MAX || b > UINT64_MAX) {
    if (b == 0) return a;
    a %= b;
    std::swap(a, b);
  }
  return std::gcd(static_cast<uint64_t>(a), static_cast<uint64_t>(b));
}

// A common factor of a numerator and a denominator, which is therefore below 2^127.
Int128 CommonFactor(Int128 numerator, Int128 denominator) {
  return static_cast<Int128>(Gcd(Magnitude(numerator), Magnitude(denominator)));
}

bool Multiplied(Int128 a, Int128 b, Int128& out) { return !__builtin_mul_overflow(a, b, &out); }

// a·b + c·d
bool SumOfProducts(Int128 a, Int128 b, Int128 c, Int128 d, Int128& out) {
  Int128 left = 0;
  Int128 right = 0;
  return Multiplied(a, b, left) && Multiplied(c, d, right) &&
         !__builtin_add_overflow(left, right, &out);
}

// The sum over the least common denominator (Knuth, The Art of Computer Programming, 4.5.1).
std::optional<Rational> AddReduced(const Rational& a, const Rational& b) {
  const Int128 common = CommonFactor(a.denominator, b.denominator);
  const Int128 a_part = a.denominator / common;
  Rational sum;
  if (!SumOfProducts(a.numerator, b.denominator / common, b.numerator, a_part, sum.numerator)) {
    return std::nullopt;
  }
  const Int128 shared = CommonFactor(sum.numerator, common);
  sum.numerator /= shared;
  if (!Multiplied(a_part, b.denominator / shared, sum.denominator)) return std::nullopt;
  return sum;
}

struct Uint256 {
  Uint128 high;
  Uint128 low;
};

Uint256 WideProduct(Uint128 a, Uint128 b) {
  const Uint128 a_low = static_cast<uint64_t>(a);
  const Uint128 a_high = a >> 64;
  const Uint128 b_low = static_cast<uint64_t>(b);
  const Uint128 b_high = b >> 64;
  const Uint128 low = a_low * b_low;
  const Uint128 middle1 = a_low * b_high + (low >> 64);
  const Uint128 middle2 = a_high * b_low + static_cast<uint64_t>(middle1);
  return {a_high * b_high + (middle1 >> 64) + (middle2 >> 64),
          (middle2 << 64) | static_cast<uint64_t>(low)};
}

int CompareWide(const Uint256& a, const Uint256& b) {
  if (a.high != b.high) return a.high < b.high ? -1 : 1;
  if (a.low != b.low) return a.low < b.low ? -1 : 1;
  return 0;
}

}  // namespace

std::optional<Rational> Add(const Rational& a, const Rational& b) {
  Rational sum;
  if (SumOfProducts(a.numerator, b.denominator, b.numerator, a.denominator, sum.numerator) &&
      Multiplied(a.denominator, b.denominator, sum.denominator)) {
    return sum;
  }
  return AddReduced(Reduced(a), Reduced(b));
}

std::optional<Rational> Subtract(const Rational& a, const Rational& b) {
  Rational negated = b;
  if (__builtin_sub_overflow(Int128{0}, b.numerator, &negated.numerator)) return std::nullopt;
  return Add(a, negated);
}

std::optional<Rational> Multiply(const Rational& a, const Rational& b) {
  Rational product;
  if (Multiplied(a.numerator, b.numerator, product.numerator) &&
      Multiplied(a.denominator, b.denominator, product.denominator)) {
    return product;
  }
  const Rational a_reduced = Reduced(a);
  const Rational b_reduced = Reduced(b);
  const Rational left = Reduced({a_reduced.numerator, b_reduced.denominator});
  const Rational right = Reduced({b_reduced.numerator, a_reduced.denominator});
  if (!Multiplied(left.numerator, right.numerator, product.numerator) ||
      !Multiplied(left.denominator, right.denominator, product.denominator)) {
    return std::nullopt;
  }
  return product;
}

std::optional<Rational> Divide(const Rational& a, const Rational& b) {
  if (b.numerator > 0) return Multiply(a, {b.denominator, b.numerator});
  Rational inverse;
  inverse.numerator = -b.denominator;
  if (__builtin_sub_overflow(Int128{0}, b.numerator, &inverse.denominator)) return std::nullopt;
  return Multiply(a, inverse);
}

Rational Reduced(const Rational& value) {
  const Int128 factor = CommonFactor(value.numerator, value.denominator);
  return {value.numerator / factor, value.denominator / factor};
}

int Compare(const Rational& a, const Rational& b) {
  if ((a.numerator < 0) != (b.numerator < 0)) return a.numerator < 0 ? -1 : 1;
  Int128 left = 0;
  Int128 right = 0;
  if (Multiplied(a.numerator, b.denominator, left) &&
      Multiplied(b.numerator, a.denominator, right)) {
    return (left > right) - (left < right);
  }
  const int magnitudes =
      CompareWide(WideProduct(Magnitude(a.numerator), static_cast<Uint128>(b.denominator)),
                  WideProduct(Magnitude(b.numerator), static_cast<Uint128>(a.denominator)));
  return a.numerator < 0 ? -magnitudes : magnitudes;
}

std::optional<Int128> ToScaled(const Rational& value, int scale) {
  const Rational reduced = Reduced(value);
  if (kPowersOfTen[scale] % reduced.denominator != 0) return std::nullopt;
  Int128 scaled = 0;
  if (!Multiplied(reduced.numerator, kPowersOfTen[scale] / reduced.denominator, scaled)) {
    return std::nullopt;
  }
  return scaled;
}

}  // namespace onrush
