#include "operators/make_operator.h"

#include <variant>

#include "operators/running_aggregate.h"
#include "operators/top_k.h"
#include "operators/velocity.h"
#include "operators/windowed_aggregate.h"

namespace onrush {
namespace {

template <typename T>
absl::StatusOr<std::unique_ptr<Operator>> Upcast(absl::StatusOr<std::unique_ptr<T>> made) {
  if (!made.ok()) return made.status();
  return std::unique_ptr<Operator>(*std::move(made));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Operator>> MakeOperator(const Plan& plan, uint32_t query,
                                                       uint64_t hash_seed) {
  const QueryPlan& query_plan = plan.queries[query];
  if (std::holds_alternative<TopKPlan>(query_plan.kind)) {
    return Upcast(TopK::Create(plan, query));
  }
  if (std::holds_alternative<VelocityPlan>(query_plan.kind)) {
    return std::make_unique<Velocity>(plan, query, hash_seed);
  }
  if (query_plan.window() != nullptr) return Upcast(WindowedAggregate::Create(plan, query));
  return std::make_unique<RunningAggregate>(plan, query);
}

}  // namespace onrush
