// Exact fractions in 128 bits, for divisions in expressions.
#pragma once

#include <optional>

#include "core/int128.h"

namespace onrush {

// Description
//   A number numerator / denominator. Operations multiply straight away (about 5 ns) and reduce to
//   lowest terms only when that would not fit; nothing means that a step does not fit even so.
struct Rational {
  Int128 numerator = 0;
  Int128 denominator = 1;  // > 0; not always without common factors
};

std::optional<Rational> Add(const Rational& a, const Rational& b);
std::optional<Rational> Subtract(const Rational& a, const Rational& b);
std::optional<Rational> Multiply(const Rational& a, const Rational& b);
// Requires: b is not zero.
std::optional<Rational> Divide(const Rational& a, const Rational& b);

// In lowest terms.
Rational Reduced(const Rational& value);

// Negative, zero or positive as a is less than, equal to or greater than b. Never overflows.
int Compare(const Rational& a, const Rational& b);

// value · 10^scale if that is an integer of 128 bits.
std::optional<Int128> ToScaled(const Rational& value, int scale);

}  // namespace onrush
