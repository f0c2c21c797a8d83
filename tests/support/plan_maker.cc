#include "tests/support/plan_maker.h"

#include "core/check.h"
#include "core/expression_parser.h"

namespace onrush {

StreamPlan MakeStream(const std::string& name, TimeFormat::Kind time, Duration bound,
                      std::vector<FieldPlan> fields) {
  StreamPlan stream;
  stream.name = name;
  stream.format = Format::kCsv;
  stream.header = false;
  stream.time_format.kind = time;
  stream.max_out_of_orderness = bound;
  stream.fields = std::move(fields);
  return stream;
}

WindowPlan Tumbling(Duration size) { return Hopping(size, size); }

WindowPlan Hopping(Duration size, Duration slide) {
  WindowPlan window;
  window.size = size;
  window.slide = slide;
  return window;
}

WindowPlan DaysOf(const std::string& time_zone) {
  WindowPlan window = Tumbling({kNanosPerDay});
  window.kind = WindowPlan::Kind::kZonedDay;
  window.time_zone = time_zone;
  return window;
}

QueryPlan MakeQuery(const std::string& name, std::vector<size_t> key, Duration allowed_lateness,
                    decltype(QueryPlan::kind) kind) {
  QueryPlan query;
  query.name = name;
  query.key = std::move(key);
  query.allowed_lateness = allowed_lateness;
  query.kind = std::move(kind);
  return query;
}

Plan MakePlan(StreamPlan stream, std::vector<QueryPlan> queries) {
  Plan plan;
  plan.name = "test";
  plan.streams.push_back(std::move(stream));
  plan.queries = std::move(queries);
  return plan;
}

ExprPlan Where(const StreamPlan& stream, const std::string& text) {
  const absl::StatusOr<Expr> tree = ParseCondition(text, stream, stream.column_count());
  ONRUSH_CHECK(tree.ok());
  return {text, *tree};
}

DerivedPlan Derive(const StreamPlan& stream, const std::string& name, ValueType type,
                   const std::string& text) {
  const absl::StatusOr<Expr> tree = ParseValue(text, stream, stream.column_count(), type);
  ONRUSH_CHECK(tree.ok());
  return {name, type, {text, *tree}};
}

}  // namespace onrush
