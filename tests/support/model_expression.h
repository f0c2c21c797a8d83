// `where` and `derive` expressions, read from their text by a parser of the model's own.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/plan.h"
#include "tests/support/model_rational.h"
#include "tests/support/model_value.h"

namespace onrush::model {

struct Null {};
// An exact number before any division: mantissa · 10^-scale.
struct Decimal {
  Int128 mantissa = 0;
  int scale = 0;
};
struct Instant {
  Int128 ns = 0;
};
using ExprValue = std::variant<Null, bool, Decimal, Rational, double, std::string, Instant>;

// An event's columns, and whether arithmetic left its range: that gives null, and makes an event
// bad whose derived field it is.
struct Evaluation {
  const std::vector<Value>& columns;
  bool overflow = false;
};

// An expression that can be evaluated. All its parts are, also where the result is known already.
using Expression = std::function<ExprValue(Evaluation&)>;

// Requires: the text is an expression over the stream's columns.
Expression ParseModelExpression(const StreamPlan& stream, const std::string& text);

// True where a `where` lets an event pass.
bool IsTrue(const ExprValue& value);

// The value of a derived field of `type`, or nothing if the type cannot hold it.
std::optional<Value> ToColumn(const ExprValue& value, ValueType type);

}  // namespace onrush::model
