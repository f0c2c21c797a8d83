// velocity: flags events whose trailing window meets the conditions, at the moment of arrival.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/key.h"
#include "core/plan.h"
#include "core/runtime/operator.h"
#include "operators/key_table.h"
#include "operators/value_counts.h"
#include "operators/velocity_log.h"
#include "operators/velocity_values.h"

namespace onrush {

// Description
//   An event is put into its key's log. If it is the key's newest, the log knows the measures of
//   its trailing window; events at the same instant share them. If it is not, it may raise the
//   trailing windows of those up to `within` after it, which are then judged anew, sliding over the
//   log. Events leave the log when no event that is still in time can have them in its window:
//   before W − allowed_lateness − within; keys leave with their last event.
//   Per event: a key look-up, a look-up of the distinct value, an append.
// Threads
//   The shard's.
class Velocity final : public Operator {
 public:
  // Requires: plan.queries[query] is a velocity query. The seed is that of the batches' keys.
  Velocity(const Plan& plan, uint32_t query, uint64_t hash_seed);

  void Process(const EventBatch& batch, const KeyColumn& keys, std::span<const uint32_t> rows,
               const OperatorOutput& output) override;
  void OnWatermark(EventTime, uint64_t, const OperatorOutput&) override {}
  void OnEnd(uint64_t, const OperatorOutput&) override {}

  uint64_t sum_overflows() const override { return sum_overflows_; }
  size_t key_count() const override { return keys_.size(); }
  size_t memory_bytes() const override;

 private:
  using Id = KeyTable::Id;

  // What the conditions look at. Only what the query asks for is filled in.
  struct Measures {
    int64_t count = 0;
    int64_t distinct = 0;
    Int128 sum = 0;
    double sum_float = 0;
  };
  // Events of one instant: they share their trailing window.
  struct Instant {
    size_t first;  // positions in the log
    size_t end;
    size_t window;  // where their trailing window begins; it ends at `end`
  };

  VelocityEntry EntryOf(const EventBatch& batch, uint32_t row);
  void JudgeNewest(Id id, uint64_t seq, ResultLines& results);
  void JudgeFrom(Id id, size_t position, uint64_t seq, ResultLines& results);
  bool AllFlagged(const VelocityLog& log, const Instant& instant) const;
  bool Meets(const Measures& measures) const;
  void Flag(Id id, const Instant& instant, const Measures& measures, uint64_t seq,
            ResultLines& results);
  bool IsCooling(VelocityLog& log, int64_t time) const;
  double FloatSum(const VelocityLog& log, size_t first, size_t end) const;
  void EmitLine(Id id, const VelocityEntry& entry, const Measures& measures, uint64_t seq,
                ResultLines& results);
  void ForgetEntries(VelocityLog& log, EventTime watermark);
  void Sweep(size_t keys, EventTime watermark);

  const uint32_t query_;
  const QueryPlan& query_plan_;
  const VelocityPlan& plan_;
  const StreamPlan& stream_;
  const KeyCodec codec_;
  const bool float_sum_;
  std::string prefix_;         // up to the seq
  std::string distinct_name_;  // ",\"distinct_merchant\":"
  std::string sum_name_;       // ",\"sum_amt\":"

  KeyTable keys_;
  std::vector<VelocityLog> logs_;  // by id
  std::optional<VelocityValues> values_;
  std::vector<Id> ids_;         // of the rows in work
  ValueCounts sliding_values_;  // scratch of JudgeFrom()
  size_t sweep_ = 0;            // the id that Sweep() looks at next
  uint64_t sum_overflows_ = 0;
};

}  // namespace onrush
