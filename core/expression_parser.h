// Reads the text of `where` and `derive` expressions.
#pragma once

#include <cstddef>
#include <string_view>

#include "absl/status/statusor.h"
#include "core/expression.h"
#include "core/plan.h"

namespace onrush {

// Description
//   From weak to strong: `or`, `and`, `not`, comparisons (`= != < <= > >=`, `in (…)`, `is null`,
//   `is not null`; not chained), `+ -`, `* /`, unary `-`. A field is named by
//   [A-Za-z_][A-Za-z0-9_.]*; a field whose name is a keyword or holds other characters cannot be
//   named. Types are checked here: what comes out needs no further checks.
// Errors
//   kInvalidArgument, "column 8: found …; would be right: …"; the column counts characters of
//   `text` from 1. SplitExpressionError() takes that apart.

// An expression of any type. Fields are the first `visible_columns` columns of `stream`.
absl::StatusOr<Expr> ParseExpression(std::string_view text, const StreamPlan& stream,
                                     size_t visible_columns);

// A condition: the result has type bool.
absl::StatusOr<Expr> ParseCondition(std::string_view text, const StreamPlan& stream,
                                    size_t visible_columns);

// A value for a column of type `target`: a number for a numeric type (whether it fits is seen per
// event), else an expression of that very type.
absl::StatusOr<Expr> ParseValue(std::string_view text, const StreamPlan& stream,
                                size_t visible_columns, ValueType target);

struct ExpressionError {
  size_t column = 1;
  std::string_view text;  // "found …; would be right: …", a part of the message
};
// Requires: `message` is that of a status of the functions above.
ExpressionError SplitExpressionError(std::string_view message);

}  // namespace onrush
