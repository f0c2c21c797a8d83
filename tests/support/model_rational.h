// Exact fractions of 128-bit integers.
#pragma once

#include <optional>

#include "core/int128.h"

namespace onrush::model {

// In lowest terms, with a denominator above 0.
struct Rational {
  Int128 numerator = 0;
  Int128 denominator = 1;
};

// Nothing where the result does not fit; division by zero is the caller's to avoid.
std::optional<Rational> Reduced(Int128 numerator, Int128 denominator);
std::optional<Rational> Add(Rational a, Rational b);
std::optional<Rational> Multiply(Rational a, Rational b);
std::optional<Rational> Divide(Rational a, Rational b);
std::optional<Rational> Negate(Rational a);

// −1, 0 or 1.
int Compare(Rational a, Rational b);

}  // namespace onrush::model
