// The operators that one thread owns.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/plan.h"
#include "core/runtime/operator.h"
#include "core/runtime/prepared_batch.h"

namespace onrush {

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

  void Process(PreparedBatch& batch);
  // The bounded input is over; the lines go to the shard's lane of `batch`.
  void Finish(uint64_t events_read, PreparedBatch& batch);

  const std::vector<std::unique_ptr<Operator>>& operators() const { return operators_; }

 private:
  void ProcessWindowed(size_t query, const PreparedBatch& batch, Lane& lane);

  const Plan& plan_;
  size_t index_;
  std::vector<std::unique_ptr<Operator>> operators_;
  std::vector<size_t> key_slots_;
};

}  // namespace onrush
