// A shard's share of an aggregate without a key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "core/plan.h"
#include "core/runtime/operator.h"
#include "operators/aggregate_parts.h"
#include "operators/pane_runs.h"
#include "operators/window_frontier.h"

namespace onrush {

// Description
//   Counts the events of a batch by pane, between ticks, and hands over what it counted: it keeps
//   nothing from one batch to the next. Where each late event is to be told at once, each is a part
//   of its own.
// Threads
//   The shard's.
class SpreadAggregate final : public Operator {
 public:
  // Requires: IsSpread() of plan.queries[query]. Fails as WindowAssigner::Create().
  static absl::StatusOr<std::unique_ptr<SpreadAggregate>> Create(const Plan& plan, uint32_t query);

  void Process(const EventBatch& batch, const KeyColumn& keys, std::span<const uint32_t> rows,
               const OperatorOutput& output) override;
  void OnWatermark(EventTime watermark, uint64_t seq, const OperatorOutput& output) override;
  void OnEnd(uint64_t events_read, const OperatorOutput& output) override;

  // The state is the merger's.
  size_t key_count() const override { return 0; }
  size_t memory_bytes() const override { return 0; }

 private:
  explicit SpreadAggregate(const QueryPlan& plan) : plan_(plan) {}
  // Adds some rows to a part, one at least.
  static void Count(const EventBatch& batch, std::span<const uint32_t> rows, AggregatePart& part,
                    AggregateParts& parts);
  // True if each event of the pane is to be a part of its own. Requires: there is a window.
  bool IsToldAtOnce(int64_t pane) const;
  // The part that takes the next event of a pane; valid until the next call.
  AggregatePart& PartFor(int64_t pane, AggregateParts& parts);

  const QueryPlan& plan_;
  std::optional<WindowFrontier> frontier_;  // none: no window

  PaneRuns runs_;
  // Of the rows in work, by pane: its part's place among the steps.
  absl::flat_hash_map<int64_t, size_t> part_of_pane_;
};

}  // namespace onrush
