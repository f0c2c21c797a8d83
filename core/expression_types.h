// The typing rules of expressions: which operands an operator takes, and what it yields.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/expression.h"
#include "core/plan.h"

namespace onrush {

// A part of an expression and where it begins.
struct ExprPart {
  Expr expr;
  size_t offset = 0;  // in bytes
  size_t depth = 1;   // levels of `expr`
};

// Builds typed nodes from typed operands. Every function fails like ParseExpression(), pointing at
// the operand that does not fit.
class ExpressionTyper {
 public:
  // Requires: both outlive the typer.
  ExpressionTyper(std::string_view text, const StreamPlan& stream) : text_(text), stream_(stream) {}

  absl::StatusOr<ExprPart> Negate(ExprPart operand, size_t offset) const;
  absl::StatusOr<ExprPart> Arithmetic(Expr::Op op, ExprPart left, ExprPart right) const;
  absl::StatusOr<ExprPart> Comparison(Expr::Op op, ExprPart left, ExprPart right) const;
  absl::StatusOr<ExprPart> Not(ExprPart operand, size_t offset) const;
  absl::StatusOr<ExprPart> Logic(Expr::Op op, ExprPart left, ExprPart right) const;
  absl::StatusOr<ExprPart> In(ExprPart operand, std::vector<ExprPart> literals) const;
  absl::StatusOr<ExprPart> StartsWith(ExprPart operand, ExprPart prefix, size_t offset) const;
  absl::StatusOr<ExprPart> NullTest(Expr::Op op, ExprPart operand) const;

  // The whole expression as a condition.
  absl::StatusOr<Expr> Condition(ExprPart whole) const;
  // The whole expression as a value for a column of type `target`.
  absl::StatusOr<Expr> Value(ExprPart whole, ValueType target) const;

 private:
  absl::Status ErrorAt(const ExprPart& part, std::string_view found, std::string_view right) const;
  // "'page', a string", "the number 3", "a condition".
  std::string Describe(const Expr& expr) const;
  absl::Status RequireNumber(const ExprPart& part) const;
  absl::Status RequireCondition(const ExprPart& part) const;
  absl::Status RequireString(const ExprPart& part) const;
  // Turns a string literal beside a timestamp into an instant.
  absl::Status CoerceInstant(ValueType beside, ExprPart& part) const;
  absl::StatusOr<ValueType> ArithmeticType(Expr::Op op, const ExprPart& left,
                                           const ExprPart& right) const;
  absl::StatusOr<ExprPart> Combine(Expr::Op op, ValueType type, size_t offset,
                                   std::vector<ExprPart> operands) const;

  std::string_view text_;
  const StreamPlan& stream_;
};

}  // namespace onrush
