#include "core/used_columns.h"

#include <variant>

namespace onrush {
namespace {

void Use(const Expr& expr, std::vector<bool>& used) {
  if (expr.op == Expr::Op::kColumn) used[expr.column] = true;
  for (const Expr& operand : expr.operands) Use(operand, used);
}

void Use(const MeasurePlan& measure, std::vector<bool>& used) {
  if (measure.kind != MeasurePlan::Kind::kCount) used[measure.column] = true;
}

void Use(const TopKPlan& top_k, std::vector<bool>& used) { Use(top_k.by, used); }

void Use(const VelocityPlan& velocity, std::vector<bool>& used) {
  if (velocity.distinct) used[velocity.distinct->column] = true;
  if (velocity.sum) used[velocity.sum->column] = true;
}

void Use(const AggregatePlan& aggregate, std::vector<bool>& used) {
  for (const MeasurePlan& measure : aggregate.compute) Use(measure, used);
}

}  // namespace

std::vector<bool> UsedColumns(const Plan& plan, size_t stream) {
  std::vector<bool> used(plan.streams[stream].column_count());
  used[plan.streams[stream].time_column] = true;
  for (const DerivedPlan& derived : plan.streams[stream].derived) Use(derived.expr.root, used);
  for (const QueryPlan& query : plan.queries) {
    if (query.stream != stream) continue;
    for (const size_t column : query.key) used[column] = true;
    if (query.where) Use(query.where->root, used);
    std::visit([&used](const auto& kind) { Use(kind, used); }, query.kind);
  }
  return used;
}

}  // namespace onrush
