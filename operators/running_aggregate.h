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
#include "operators/key_table.h"
#include "operators/measure_text.h"
#include "operators/page_array.h"

namespace onrush {

// Description
//   emit = "change": a line after every event; "final": a line per key at the end of the input.
//   Slots of the accumulators are the key's ids. Per event: a key look-up and one access per
//   measure, plus about 100 ns for a line.
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
  uint64_t over_max_keys() const override { return keys_.refused(); }
  size_t key_count() const override { return keys_.size(); }
  size_t memory_bytes() const override;

 private:
  void AddAll(const EventBatch& batch, std::span<const uint32_t> rows);
  // Makes max_times_ hold all keys.
  void GrowMaxTimes();
  void AddAndEmitEach(const EventBatch& batch, std::span<const uint32_t> rows,
                      ResultLines& results);
  void EmitLine(uint64_t seq, EventTime time, uint64_t event_seq, KeyTable::Id id,
                ResultLines& results);

  const uint32_t query_;
  const AggregatePlan& plan_;
  const KeyCodec codec_;
  const MeasureText measure_text_;
  std::string prefix_;
  KeyTable keys_;
  std::vector<std::unique_ptr<Accumulators>> measures_;  // slots are ids
  PageArray<int64_t> max_times_;                         // by id; emit = "final"
  std::vector<KeyTable::Id> ids_;                        // of the rows in work
  uint64_t sum_overflows_ = 0;
};

}  // namespace onrush
