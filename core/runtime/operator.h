// The interface of a query's state machine, which operators/ implements.
#pragma once

#include <cstdint>
#include <span>

#include "core/runtime/merger.h"
#include "core/runtime/prepared_batch.h"
#include "core/runtime/result_lines.h"
#include "core/time.h"

namespace onrush {

// Where an operator leaves what it found out: lines, or, for a query whose shards are merged,
// partial results of its merger's kind.
struct OperatorOutput {
  ResultLines& lines;
  PartialResults* partial;  // null if the query has no merger
};

// The state of one query on one shard. The shard's thread calls it; calls come in arrival order:
// the rows up to a tick, the tick, further rows. Results do not depend on how rows are cut into
// calls.
class Operator {
 public:
  virtual ~Operator() = default;

  // Counts `rows` of `batch` (ascending; good, wanted, in time, with a key). The operator learned
  // of every tick before these rows. `keys` is the column that holds the query's key.
  virtual void Process(const EventBatch& batch, const KeyColumn& keys,
                       std::span<const uint32_t> rows, const OperatorOutput& output) = 0;

  // The watermark reached a boundary at the event `seq`: fire, update, close what is due.
  virtual void OnWatermark(EventTime watermark, uint64_t seq, const OperatorOutput& output) = 0;

  // The bounded input is over after `events_read` events: fire all that is pending. Nothing
  // follows.
  virtual void OnEnd(uint64_t events_read, const OperatorOutput& output) = 0;

  // Results shown as null because a float sum left the range of a double.
  virtual uint64_t sum_overflows() const { return 0; }
  // Events that did not take part since their key was one too many.
  virtual uint64_t over_max_keys() const { return 0; }
  // Keys with state, and the bytes that state takes, about.
  virtual size_t key_count() const = 0;
  virtual size_t memory_bytes() const = 0;
};

}  // namespace onrush
