// Puts together what shards counted of an aggregate without a key.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/plan.h"
#include "core/runtime/merger.h"
#include "operators/aggregate_parts.h"

namespace onrush {

// Description
//   Each shard has a run of a batch's events, in the order of the shards: parts are merged shard by
//   shard up to the next tick, then the tick, and so on, which is an order of AggregateParts. What
//   is told when, and revised, is up to an aggregate as one thread would have it.
// Threads
//   The collector's.
class AggregateMerger final : public Merger {
 public:
  // For plan.queries[query]; `aggregate` has its state.
  AggregateMerger(const Plan& plan, uint32_t query, std::unique_ptr<MergingAggregate> aggregate);

  std::unique_ptr<PartialResults> NewPartial() const override;
  void Merge(std::span<PartialResults* const> parts, ResultLines& results) override;
  void Forget(EventTime) override {}  // the aggregate does so at its ticks

 private:
  // Merges parts up to the next step that is none. Returns that, or null at the end of the batch.
  const AggregateParts::Step* MergeUpToTick(std::span<PartialResults* const> parts,
                                            const OperatorOutput& output);

  const StreamPlan& stream_;
  const AggregatePlan& plan_;
  std::unique_ptr<MergingAggregate> aggregate_;
  std::vector<size_t> next_;  // by shard: the next of its steps
};

}  // namespace onrush
