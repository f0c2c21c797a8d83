#include "operators/make_operator.h"

#include <variant>

#include "operators/running_aggregate.h"
#include "operators/top_k.h"
#include "operators/top_k_merger.h"
#include "operators/velocity.h"
#include "operators/windowed_aggregate.h"

namespace onrush {
namespace {

template <typename Base, typename T>
absl::StatusOr<std::unique_ptr<Base>> Upcast(absl::StatusOr<std::unique_ptr<T>> made) {
  if (!made.ok()) return made.status();
  return std::unique_ptr<Base>(*std::move(made));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Operator>> MakeOperator(const Plan& plan, uint32_t query,
                                                       uint64_t hash_seed) {
  const QueryPlan& query_plan = plan.queries[query];
  if (std::holds_alternative<TopKPlan>(query_plan.kind)) {
    return Upcast<Operator>(TopK::Create(plan, query));
  }
  if (std::holds_alternative<VelocityPlan>(query_plan.kind)) {
    return std::make_unique<Velocity>(plan, query, hash_seed);
  }
  if (query_plan.window() != nullptr)
    return Upcast<Operator>(WindowedAggregate::Create(plan, query));
  return std::make_unique<RunningAggregate>(plan, query);
}

absl::StatusOr<std::unique_ptr<Merger>> MakeMerger(const Plan& plan, uint32_t query) {
  if (!std::holds_alternative<TopKPlan>(plan.queries[query].kind)) return nullptr;
  return Upcast<Merger>(TopKMerger::Create(plan, query));
}

}  // namespace onrush
