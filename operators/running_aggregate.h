// aggregate without a window: one state per key, from the first event on.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/key.h"
#include "core/plan.h"
#include "core/runtime/operator.h"
#include "operators/accumulators.h"
#include "operators/aggregate_parts.h"
#include "operators/instant_text.h"
#include "operators/running_states.h"

namespace onrush {

// Description
//   emit = "change": a line after every event; "final": a line per key at the end of the input.
//   Per event: a look-up in the states, plus about 100 ns for a line.
// Threads
//   The shard's.
class RunningAggregate final : public MergingAggregate {
 public:
  // Requires: plan.queries[query] is an aggregate without a window.
  RunningAggregate(const Plan& plan, uint32_t query);

  void Process(const EventBatch& batch, const KeyColumn& keys, std::span<const uint32_t> rows,
               const OperatorOutput& output) override;
  void AddPart(const AggregatePart& part,
               const std::vector<std::unique_ptr<Accumulators>>& measures,
               const OperatorOutput& output) override;
  void OnWatermark(EventTime, uint64_t, const OperatorOutput&) override {}
  void OnEnd(uint64_t events_read, const OperatorOutput& output) override;

  uint64_t sum_overflows() const override { return sum_overflows_; }
  uint64_t over_max_keys() const override { return states_.refused(); }
  size_t key_count() const override { return states_.size(); }
  size_t memory_bytes() const override { return states_.memory_bytes(); }

 private:
  using Id = RunningStates::Id;

  void EmitLine(uint64_t seq, EventTime time, uint64_t event_seq, Id id, ResultLines& results);

  const uint32_t query_;
  const AggregatePlan& plan_;
  const KeyCodec codec_;
  std::string prefix_;
  InstantText instant_text_;
  RunningStates states_;
  uint64_t sum_overflows_ = 0;
};

}  // namespace onrush
