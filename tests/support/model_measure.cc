#include "tests/support/model_measure.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "tests/support/model_text.h"

namespace onrush::model {
namespace {

using Events = std::vector<const Event*>;

// The events whose value is not null.
Events WithValue(const Events& events, size_t column) {
  Events some;
  for (const Event* event : events) {
    if (!IsNull(event->values[column])) some.push_back(event);
  }
  return some;
}

Value FloatSum(const Events& events, size_t column, const PaneOf& pane_of) {
  std::map<Int128, double> panes;
  for (const Event* event : events) {
    panes[pane_of(event->time)] += std::get<double>(event->values[column]);
  }
  double sum = 0;
  for (const auto& [pane, pane_sum] : panes) sum += pane_sum;
  return std::isfinite(sum) ? Value(sum) : Value();
}

Value Sum(const Events& events, size_t column, ValueType type, const PaneOf& pane_of) {
  if (type.kind == TypeKind::kFloat) return FloatSum(events, column, pane_of);
  Int128 sum = 0;
  for (const Event* event : events) sum += std::get<Int128>(event->values[column]);
  return sum;
}

Value Average(const Value& sum, size_t count, ValueType type) {
  if (IsNull(sum)) return sum;
  if (const auto* real = std::get_if<double>(&sum)) return *real / static_cast<double>(count);
  const int scale = type.kind == TypeKind::kDecimal ? type.scale : 0;
  return NearestDouble(std::get<Int128>(sum), static_cast<Int128>(count) * PowerOfTen(scale));
}

}  // namespace

Value Measure(const MeasurePlan& measure, const StreamPlan& stream, const Events& all,
              const PaneOf& pane_of) {
  using Kind = MeasurePlan::Kind;
  if (measure.kind == Kind::kCount) return static_cast<Int128>(all.size());
  const size_t column = measure.column;
  const ValueType type = stream.column_type(column);
  const Events events = WithValue(all, column);
  const auto value = [&](const Event* event) { return event->values[column]; };
  const auto by_value = [&](const Event* a, const Event* b) { return value(a) < value(b); };
  const auto by_time = [](const Event* a, const Event* b) { return a->time < b->time; };
  if (measure.kind == Kind::kDistinct) {
    std::set<Value> values;
    for (const Event* event : events) values.insert(value(event));
    return static_cast<Int128>(values.size());
  }
  if (events.empty()) return Value();
  switch (measure.kind) {
    case Kind::kSum:
      return Sum(events, column, type, pane_of);
    case Kind::kAvg:
      return Average(Sum(events, column, type, pane_of), events.size(), type);
    case Kind::kMin:
      return value(*std::min_element(events.begin(), events.end(), by_value));
    case Kind::kMax:
      return value(*std::max_element(events.begin(), events.end(), by_value));
    case Kind::kFirst:
      return value(*std::min_element(events.begin(), events.end(), by_time));
    default:  // the last of those with the largest time
      return value(*std::max_element(events.rbegin(), events.rend(), by_time));
  }
}

ValueType MeasureType(const MeasurePlan& measure, const StreamPlan& stream) {
  switch (measure.kind) {
    case MeasurePlan::Kind::kCount:
    case MeasurePlan::Kind::kDistinct:
      return {TypeKind::kInt};
    case MeasurePlan::Kind::kAvg:
      return {TypeKind::kFloat};
    default:
      return stream.column_type(measure.column);
  }
}

std::string MeasureMembers(const std::vector<MeasurePlan>& measures, const StreamPlan& stream,
                           const Events& events, const PaneOf& pane_of) {
  std::string text;
  for (const MeasurePlan& measure : measures) {
    text += ',' + JsonString(measure.name) + ':' +
            JsonValue(Measure(measure, stream, events, pane_of), MeasureType(measure, stream));
  }
  return text;
}

}  // namespace onrush::model
