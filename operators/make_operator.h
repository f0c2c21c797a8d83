// From a query's plan to its state machine.
#pragma once

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "core/plan.h"
#include "core/runtime/merger.h"
#include "core/runtime/operator.h"

namespace onrush {

// The operator of plan.queries[query]; `plan` must outlive it. `hash_seed` is that of the batches'
// keys. Fails with kInvalidArgument if the system does not know a time zone.
absl::StatusOr<std::unique_ptr<Operator>> MakeOperator(const Plan& plan, uint32_t query,
                                                       uint64_t hash_seed);

// The operator that has the query's state, where that is not MakeOperator()'s: that of a query
// whose events are spread over shards (core/spread.h) is the merger's. Fails as MakeOperator().
absl::StatusOr<std::unique_ptr<Operator>> MakeStateOperator(const Plan& plan, uint32_t query,
                                                            uint64_t hash_seed);

// What merges the shards' results of plan.queries[query]; null if its shards write lines of their
// own. Fails as MakeOperator().
absl::StatusOr<std::unique_ptr<Merger>> MakeMerger(const Plan& plan, uint32_t query);

}  // namespace onrush
