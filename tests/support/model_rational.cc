#include "tests/support/model_rational.h"

#include <algorithm>
#include <limits>

#include "tests/support/model_time.h"

namespace onrush::model {
namespace {

constexpr Int128 kMost = (((Int128{1} << 126) - 1) << 1) + 1;
constexpr Int128 kLeast = -kMost - 1;

// Requires: b is not the least number.
Int128 GreatestCommonDivisor(Int128 a, Int128 b) {
  while (b != 0) {
    const Int128 rest = a % b;
    a = b;
    b = rest;
  }
  return a < 0 ? -a : a;
}

// What is left after dividing downwards, from 0 to b − 1.
Int128 Modulo(Int128 a, Int128 b) { return a % b < 0 ? a % b + b : a % b; }

}  // namespace

std::optional<Rational> Reduced(Int128 numerator, Int128 denominator) {
  if (denominator == kLeast || (numerator == kLeast && denominator < 0)) return std::nullopt;
  const Int128 divisor = GreatestCommonDivisor(numerator, denominator);
  const Int128 sign = denominator < 0 ? -1 : 1;
  return Rational{sign * numerator / divisor, sign * denominator / divisor};
}

std::optional<Rational> Add(Rational a, Rational b) {
  const Int128 common = GreatestCommonDivisor(a.denominator, b.denominator);
  Int128 left = 0;
  Int128 right = 0;
  Rational sum;
  if (__builtin_mul_overflow(a.numerator, b.denominator / common, &left) ||
      __builtin_mul_overflow(b.numerator, a.denominator / common, &right) ||
      __builtin_add_overflow(left, right, &sum.numerator)) {
    return std::nullopt;
  }
  const Int128 shared = GreatestCommonDivisor(sum.numerator, common);
  sum.numerator /= shared;
  if (__builtin_mul_overflow(a.denominator / common, b.denominator / shared, &sum.denominator)) {
    return std::nullopt;
  }
  return sum;
}

std::optional<Rational> Multiply(Rational a, Rational b) {
  const std::optional<Rational> first = Reduced(a.numerator, b.denominator);
  const std::optional<Rational> second = Reduced(b.numerator, a.denominator);
  if (!first || !second) return std::nullopt;
  Rational product;
  if (__builtin_mul_overflow(first->numerator, second->numerator, &product.numerator) ||
      __builtin_mul_overflow(first->denominator, second->denominator, &product.denominator)) {
    return std::nullopt;
  }
  return product;
}

std::optional<Rational> Divide(Rational a, Rational b) {
  const std::optional<Rational> inverse = Reduced(b.denominator, b.numerator);
  return inverse ? Multiply(a, *inverse) : std::nullopt;
}

std::optional<Rational> Negate(Rational a) {
  if (a.numerator == kLeast) return std::nullopt;
  return Rational{-a.numerator, a.denominator};
}

int Compare(Rational a, Rational b) {
  const Int128 whole_a = Floor(a.numerator, a.denominator);
  const Int128 whole_b = Floor(b.numerator, b.denominator);
  if (whole_a != whole_b) return whole_a < whole_b ? -1 : 1;
  const Int128 rest_a = Modulo(a.numerator, a.denominator);
  const Int128 rest_b = Modulo(b.numerator, b.denominator);
  if (rest_a == 0 || rest_b == 0) return (rest_a != 0) - (rest_b != 0);
  return -Compare({a.denominator, rest_a}, {b.denominator, rest_b});
}

}  // namespace onrush::model
