// The operators that one thread owns.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/metrics/stage_timer.h"
#include "core/plan.h"
#include "core/runtime/operator.h"
#include "core/runtime/prepared_batch.h"

namespace onrush {

// What a query holds on one shard.
struct StateSize {
  size_t keys = 0;
  size_t bytes = 0;  // about
};

// Description
//   Feeds prepared batches to the operators: each query gets its selected rows up to a tick, then
//   the tick, and so on. The lines of all queries land in the shard's lane of the batch.
// Threads
//   One, the shard's.
class Shard {
 public:
  // Shard number `index`, which is that of its lane. One operator per query of `plan`, in its
  // order; key_slots[q] is where the key of query q stands in PreparedBatch::keys.
  Shard(const Plan& plan, size_t index, std::vector<std::unique_ptr<Operator>> operators,
        std::vector<size_t> key_slots);

  // `timer` is the calling thread's, or null.
  void Process(PreparedBatch& batch, StageTimer* timer = nullptr);
  // The bounded input is over; the lines go to the shard's lane of `batch`.
  void Finish(uint64_t events_read, PreparedBatch& batch, StageTimer* timer = nullptr);

  const std::vector<std::unique_ptr<Operator>>& operators() const { return operators_; }
  // By query: what it held when the input was over, before it fired what was pending. After
  // Finish().
  const std::vector<StateSize>& sizes_at_end() const { return sizes_at_end_; }

 private:
  void ProcessWindowed(size_t query, const PreparedBatch& batch, Lane& lane, StageTimer* timer);
  void Done(StageTimer* timer, Stage stage, size_t query, size_t events) const;

  const Plan& plan_;
  size_t index_;
  std::vector<std::unique_ptr<Operator>> operators_;
  std::vector<size_t> key_slots_;
  std::vector<StateSize> sizes_at_end_;
};

}  // namespace onrush
