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
struct Overflow {};  // arithmetic that left its range: null to everything but a derived field
struct Instant {
  Int128 ns = 0;
};
using ExprValue = std::variant<Null, Overflow, bool, Rational, double, std::string, Instant>;

// An expression that can be evaluated for the values of an event's columns.
using Expression = std::function<ExprValue(const std::vector<Value>&)>;

// Requires: the text is an expression over the stream's columns.
Expression ParseModelExpression(const StreamPlan& stream, const std::string& text);

// True where a `where` lets an event pass.
bool IsTrue(const ExprValue& value);

// The value of a derived field of `type`, or nothing if the type cannot hold it.
std::optional<Value> ToColumn(const ExprValue& value, ValueType type);

}  // namespace onrush::model
