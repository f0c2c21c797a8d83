// Short ways to write plans in tests.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/plan.h"

namespace onrush {

constexpr Duration Nanos(int64_t count) { return {count}; }
constexpr Duration Millis(int64_t count) { return {count * 1'000'000}; }
constexpr Duration Seconds(int64_t count) { return Millis(count * 1000); }
constexpr Duration Minutes(int64_t count) { return Seconds(count * 60); }
constexpr Duration Hours(int64_t count) { return Minutes(count * 60); }

inline constexpr ValueType kIntType{TypeKind::kInt, 0};
inline constexpr ValueType kFloatType{TypeKind::kFloat, 0};
inline constexpr ValueType kStringType{TypeKind::kString, 0};
inline constexpr ValueType kBoolType{TypeKind::kBool, 0};
inline constexpr ValueType kTimestampType{TypeKind::kTimestamp, 0};
constexpr ValueType DecimalType(uint8_t scale) { return {TypeKind::kDecimal, scale}; }

// CSV without a header; the first field is the time.
StreamPlan MakeStream(const std::string& name, TimeFormat::Kind time, Duration bound,
                      std::vector<FieldPlan> fields);

WindowPlan Tumbling(Duration size);
WindowPlan Hopping(Duration size, Duration slide);
WindowPlan DaysOf(const std::string& time_zone);

inline MeasurePlan Count() { return {MeasurePlan::Kind::kCount, 0, "count"}; }

QueryPlan MakeQuery(const std::string& name, std::vector<size_t> key, Duration allowed_lateness,
                    decltype(QueryPlan::kind) kind);

// A plan of one stream.
Plan MakePlan(StreamPlan stream, std::vector<QueryPlan> queries);

// The expression of a `where`, for a stream that is complete. Requires: the text is a condition.
ExprPlan Where(const StreamPlan& stream, const std::string& text);
// The expression of a field derived next. Requires: the text is an expression of that type.
DerivedPlan Derive(const StreamPlan& stream, const std::string& name, ValueType type,
                   const std::string& text);

}  // namespace onrush
