// velocity: flags events whose trailing window meets the conditions, at the moment of arrival.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/plan.h"
#include "core/runtime/operator.h"
#include "operators/expiry_queue.h"
#include "operators/key_table.h"
#include "operators/velocity_lines.h"
#include "operators/velocity_logs.h"
#include "operators/velocity_values.h"

namespace onrush {

// Description
//   An event is put into its key's log. It may raise the trailing windows of itself, of the events
//   at its instant, which share them, and of those up to `within` after it, if it is not the key's
//   newest; of these, the ones that are not flagged yet are judged. A key leaves when no event that
//   is still in time can have one of its events in its window, which is looked at when its newest
//   event has become that old.
//   Per event: two key look-ups, an insertion; a judgement only where the conditions may be met.
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
  uint64_t over_max_keys() const override { return keys_.refused(); }
  size_t key_count() const override { return keys_.size(); }
  size_t memory_bytes() const override;

 private:
  using Keys = BasicKeyTable<VelocityHead>;
  static_assert(KeySlot<VelocityHead>::kInPlace >= 16);  // the number of a card
  using Id = Keys::Id;
  static constexpr size_t kGroup = 64;  // events in work at a time
  // What is remembered of a batch's events.
  struct Source {
    const int64_t* times;
    const Column* amounts;  // null: not asked for
    uint64_t first_seq;
    RowWatermarks::Cursor watermarks;
  };
  struct Arrival {
    Id id;
    int64_t time;
    uint64_t seq;
    int64_t oldest_judged;
  };

  Source SourceOf(const EventBatch& batch) const;
  // The next rows of a batch: few enough that what one step fetched is still in the first cache
  // when the next one needs it.
  void ProcessSome(Source& source, const KeyColumn& keys, std::span<const uint32_t> rows,
                   ResultLines& results);
  // Returns the rows that take part.
  std::span<const uint32_t> TakeIds(const KeyColumn& keys, std::span<const uint32_t> rows);
  // Of the i-th of the rows in work.
  VelocityEvent EventOf(const Source& source, uint32_t row, size_t i) const;
  // Requires: the key has events.
  void Insert(VelocityHead& head, const VelocityEvent& event, int64_t oldest_judged);
  // Judges what an arrival, just put into `log`, may have raised.
  template <typename Log>
  void Judge(Log& log, const Arrival& arrival, ResultLines& results);
  template <typename Log>
  bool MayMeet(const Log& log) const;
  // The measures of the trailing window of `time`, if they meet the conditions.
  template <typename Log>
  std::optional<VelocityMeasures> Meets(const Log& log, int64_t time) const;
  bool IsCooling(const Arrival& arrival, int64_t time);
  void Release(uint32_t value) {
    if (values_) values_->Release(value);
  }

  int64_t OldestJudged(EventTime watermark) const {
    return SaturatingSubtract(watermark, allowed_lateness_).ns;
  }
  int64_t WindowStart(int64_t time) const {
    return SaturatingSubtract(EventTime{time}, plan_.within).ns;
  }
  // The last instant whose window reaches back to `time`.
  int64_t LeavesAfter(int64_t time) const {
    return SaturatingAdd(EventTime{time}, plan_.within).ns;
  }
  // The key's events.
  VelocityHead& HeadOf(Id id) { return keys_.state(id); }
  void ForgetKeys(size_t events, int64_t oldest_judged);
  // Asks for what forgetting a key touches beside its slot, which it reads.
  void PrefetchForForgetting(Id id) const;
  bool IsForgotten(Id id, int64_t oldest_judged);

  const VelocityPlan& plan_;
  const Duration allowed_lateness_;
  const bool float_sum_;
  const bool one_may_meet_;  // an event alone, whatever its amount
  VelocityLineWriter lines_;

  Keys keys_;
  std::optional<VelocityValues> values_;
  VelocityLogs logs_;
  ExpiryQueue leaving_;  // every key once: when its newest event may leave
  // By id, for queries with a cooldown: event times of the flags that came out and may still
  // silence others, ascending.
  std::vector<std::vector<int64_t>> cooling_;

  // Scratch: of the rows in work.
  std::array<Id, kGroup> ids_;
  std::array<uint32_t, kGroup> value_ids_;
  uint64_t sum_overflows_ = 0;
};

}  // namespace onrush
