// A batch on its way from the decoder to the operators, and its lines on their way back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "core/event_batch.h"
#include "core/key.h"
#include "core/runtime/merger.h"
#include "core/runtime/result_lines.h"
#include "core/time.h"

namespace onrush {

// The watermark reached a boundary that some query waits for.
struct Tick {
  uint32_t row = 0;     // the event that moved it; operators see the tick after that event
  EventTime watermark;  // after that event
};

// An event that came too late for something: a line of the late output.
struct LateEvent {
  uint32_t row = 0;
  uint32_t query = 0;
  int64_t missed = 0;   // windows closed for good
  int64_t counted = 0;  // windows still open
};

// An event that a query cannot count: a line of the bad output.
struct RejectedEvent {
  uint32_t row = 0;
  uint32_t query = 0;
};

// The rows of a batch that a query counts on a shard.
struct Selection {
  std::span<const uint32_t> rows;  // ascending; some of `own`, or of the batch's all_rows
  std::vector<uint32_t> own;
};

// What one shard does with a batch.
struct Lane {
  std::vector<Selection> selected;  // by query of the plan
  // What came of them: lines, and by query what is to be merged (null where there is no merger).
  ResultLines results;
  std::vector<std::unique_ptr<PartialResults>> partials;
};

// Each part is written by one stage and read by later ones; a batch is handed from thread to
// thread, never shared but for reading, and a lane belongs to its shard while it works.
struct PreparedBatch {
  explicit PreparedBatch(EventBatch batch) : events(std::move(batch)) {}

  // By the decoder, the preparer and (seq, watermark) the sequencer.
  EventBatch events;
  std::vector<uint32_t> all_rows;  // 0, 1, 2 … as many as fit; for who needs no list of its own
  // By the preparer.
  std::vector<KeyColumn> keys;              // one for each distinct key of the stream's queries
  std::vector<std::vector<uint8_t>> where;  // by query: 1 where the condition holds; empty: none
  // By the sequencer and the gates.
  std::vector<Tick> ticks;              // ascending by row
  std::vector<LateEvent> late;          // by row, then query
  std::vector<RejectedEvent> rejected;  // by row, then query
  std::vector<Lane> lanes;              // by shard
};

}  // namespace onrush
