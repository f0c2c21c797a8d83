// The operators that one thread owns.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/plan.h"
#include "core/runtime/operator.h"
#include "core/runtime/prepared_batch.h"
#include "core/runtime/result_lines.h"

namespace onrush {

// Description
//   Feeds prepared batches to the operators: each query gets its selected rows up to a tick, then
//   the tick, and so on. The lines of all queries land in one ResultLines.
// Threads
//   One, the shard's.
class Shard {
 public:
  // One operator per query of `plan`, in its order; key_slots[q] is where the key of query q
  // stands in PreparedBatch::keys.
  Shard(const Plan& plan, std::vector<std::unique_ptr<Operator>> operators,
        std::vector<size_t> key_slots);

  void Process(const PreparedBatch& batch, ResultLines& results);
  // The bounded input is over.
  void Finish(uint64_t events_read, ResultLines& results);

  const std::vector<std::unique_ptr<Operator>>& operators() const { return operators_; }

 private:
  void ProcessWindowed(size_t query, const PreparedBatch& batch, ResultLines& results);

  const Plan& plan_;
  std::vector<std::unique_ptr<Operator>> operators_;
  std::vector<size_t> key_slots_;
};

}  // namespace onrush
