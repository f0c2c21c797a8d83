#include "operators/make_operator.h"

#include <utility>
#include <variant>

#include "core/spread.h"
#include "core/status_macros.h"
#include "operators/aggregate_merger.h"
#include "operators/running_aggregate.h"
#include "operators/spread_aggregate.h"
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

absl::StatusOr<std::unique_ptr<MergingAggregate>> MakeAggregate(const Plan& plan, uint32_t query) {
  if (plan.queries[query].window() == nullptr) {
    return std::make_unique<RunningAggregate>(plan, query);
  }
  return Upcast<MergingAggregate>(WindowedAggregate::Create(plan, query));
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
  if (IsSpread(plan.streams[query_plan.stream], query_plan)) {
    return Upcast<Operator>(SpreadAggregate::Create(plan, query));
  }
  return Upcast<Operator>(MakeAggregate(plan, query));
}

absl::StatusOr<std::unique_ptr<Operator>> MakeStateOperator(const Plan& plan, uint32_t query,
                                                            uint64_t hash_seed) {
  const QueryPlan& query_plan = plan.queries[query];
  if (!IsSpread(plan.streams[query_plan.stream], query_plan)) {
    return MakeOperator(plan, query, hash_seed);
  }
  return Upcast<Operator>(MakeAggregate(plan, query));
}

absl::StatusOr<std::unique_ptr<Merger>> MakeMerger(const Plan& plan, uint32_t query) {
  const QueryPlan& query_plan = plan.queries[query];
  if (std::holds_alternative<TopKPlan>(query_plan.kind)) {
    return Upcast<Merger>(TopKMerger::Create(plan, query));
  }
  if (!IsSpread(plan.streams[query_plan.stream], query_plan)) return nullptr;
  ONRUSH_ASSIGN_OR_RETURN(std::unique_ptr<MergingAggregate> aggregate, MakeAggregate(plan, query));
  return std::make_unique<AggregateMerger>(plan, query, std::move(aggregate));
}

}  // namespace onrush
