// Values as the model knows them: one variant that compares by value.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/int128.h"
#include "core/value.h"

namespace onrush::model {

// Null, bool, exact number, float, string. Int, decimal (the mantissa) and timestamp (nanoseconds)
// are all the exact number; what it means follows from the column's type.
using Value = std::variant<std::monostate, bool, Int128, double, std::string>;

// The values of a query's key columns; they order from left to right, byte by byte and by value.
using Key = std::vector<Value>;

inline bool IsNull(const Value& value) { return value.index() == 0; }

// Reads a non-empty text as a value of `type`, which is not timestamp; nothing if it is not one.
std::optional<Value> ParseValue(std::string_view text, ValueType type);

// The value as it stands in a JSON line.
std::string JsonValue(const Value& value, ValueType type);

// The double nearest to numerator / denominator, ties to even. Requires: denominator > 0.
double NearestDouble(Int128 numerator, Int128 denominator);

// 10^exponent. Requires: 0 ≤ exponent ≤ 38.
Int128 PowerOfTen(int exponent);

}  // namespace onrush::model
