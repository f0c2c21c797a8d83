// Compiles the value parts of expressions: columns, literals, arithmetic.
#pragma once

#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "core/expression.h"
#include "core/expression_nodes.h"

namespace onrush::expression {

// T of a reference to a std::unique_ptr<Values<T>>.
template <typename Pointer>
using ValueOf = std::remove_cvref_t<decltype(*std::declval<Pointer>()->values())>;

// An exact number: mantissas of 64 bits where they come from a column or a small literal, else of
// 128; or a fraction.
struct ExactNode {
  std::variant<std::unique_ptr<Values<int64_t>>, std::unique_ptr<Values<Int128>>,
               std::unique_ptr<Values<Rational>>>
      values;
  int scale = 0;  // the value is mantissa · 10^-scale; 0 for fractions
};

// Requires: a number, not a float.
ExactNode BuildExact(const Expr& expr);

// Any number as fractions or as the nearest doubles. BuildRational requires: not a float.
std::unique_ptr<Values<Rational>> BuildRational(const Expr& expr);
std::unique_ptr<Values<double>> BuildDouble(const Expr& expr);

// Requires: a string, which is a column or a literal.
std::unique_ptr<Values<std::string_view>> BuildString(const Expr& expr);

// Requires: a column of 64-bit values, a timestamp or a bool; conditions yield 0 and 1, no nulls.
std::unique_ptr<Values<int64_t>> BuildInts(const Expr& expr);

// Any type.
std::unique_ptr<Operand> BuildOperand(const Expr& expr);

// A literal number. Requires: its op is kNumber.
Rational NumberAsRational(const Expr& number);
double NumberAsDouble(const Expr& number);

// 10^exponent. Requires: 0 ≤ exponent ≤ kMaxExprScale.
Int128 PowerOfTen(int exponent);

}  // namespace onrush::expression
