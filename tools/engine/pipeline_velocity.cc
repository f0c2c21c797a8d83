#include "tools/engine/pipeline_velocity.h"

#include <cstdint>
#include <string_view>

#include "tools/engine/pipeline_values.h"

namespace onrush {
namespace {

using Kind = TomlValue::Kind;

constexpr std::string_view kDistinctExample = "a table such as { field = 'merchant', n = 2 }";
constexpr std::string_view kSumExample = "a table such as { field = 'amount', amount = 500 }";
constexpr std::string_view kAmountExample = "a number from 0, such as 500 or '99.90'";

std::optional<VelocityPlan::Distinct> ReadDistinct(const SettingTable& condition,
                                                   const ColumnFinder& columns) {
  condition.CheckKeys("condition", {"field", "n"});
  const TomlValue* field = condition.Require("field", Kind::kString, "the name of a field");
  const std::optional<int64_t> at_least = condition.RequireInteger("n", 1, INT64_MAX);
  if (field == nullptr) return std::nullopt;
  const std::optional<size_t> column = columns.Find(condition, "field", *field);
  if (!column || !at_least) return std::nullopt;
  return VelocityPlan::Distinct{*column, *at_least};
}

// Integers, floats and strings are all read from their text, so that 0.1 is a tenth.
bool ReadAmount(const SettingTable& condition, ValueType type, VelocityPlan::Sum& sum) {
  const TomlValue& value = *condition.Find("amount");
  const bool number = value.kind == Kind::kInteger || value.kind == Kind::kFloat;
  const std::string_view text = value.text;
  const std::optional<Int128> exact =
      number || value.kind == Kind::kString
          ? ParseScaledFloor(text, IsExactNumber(type) ? type.scale : 0)
          : std::nullopt;
  const std::optional<double> nearest = exact ? ParseFiniteDouble(text) : std::nullopt;
  if (!nearest) {
    condition.Error("amount", Describe(value), kAmountExample);
    return false;
  }
  sum.amount = *exact;
  sum.amount_float = *nearest;
  sum.text = text;
  return true;
}

std::optional<VelocityPlan::Sum> ReadSum(const SettingTable& condition,
                                         const ColumnFinder& columns) {
  condition.CheckKeys("condition", {"field", "amount"});
  const TomlValue* field = condition.Require("field", Kind::kString, "the name of a field");
  if (!condition.Has("amount")) condition.MissingError("amount", kAmountExample);
  if (field == nullptr || !condition.Has("amount")) return std::nullopt;
  const std::optional<size_t> column =
      columns.FindNumber(condition, "field", *field, field->text, 0, "a sum");
  VelocityPlan::Sum sum;
  // Without its column, the amount is still checked for its form.
  const ValueType type =
      column ? columns.plan().column_type(*column) : ValueType{TypeKind::kFloat, 0};
  if (!ReadAmount(condition, type, sum) || !column) return std::nullopt;
  sum.column = *column;
  return sum;
}

}  // namespace

std::optional<VelocityPlan> ReadVelocity(const SettingTable& query, const ColumnFinder& columns) {
  VelocityPlan velocity;
  bool good = true;
  if (const std::optional<Duration> within = query.RequireDuration("within")) {
    velocity.within = *within;
  } else {
    good = false;
  }
  velocity.count_over = query.GetInteger("count_over", 0, INT64_MAX);
  velocity.cooldown = query.GetDuration("cooldown");
  if (const auto* distinct = query.Get("distinct_at_least", Kind::kTable, kDistinctExample)) {
    velocity.distinct = ReadDistinct(
        SettingTable(*distinct, query.PathOf("distinct_at_least"), query.errors()), columns);
  }
  if (const auto* sum = query.Get("sum_over", Kind::kTable, kSumExample)) {
    velocity.sum = ReadSum(SettingTable(*sum, query.PathOf("sum_over"), query.errors()), columns);
  }
  if (!query.Has("count_over") && !query.Has("distinct_at_least") && !query.Has("sum_over")) {
    query.errors().Add(query.table().position, query.path(), "no condition",
                       "count_over, distinct_at_least or sum_over, or several of them");
    good = false;
  }
  if (!good) return std::nullopt;
  return velocity;
}

}  // namespace onrush
