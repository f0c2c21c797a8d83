// A batch on its way from the sequencer to the operators.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/event_batch.h"
#include "core/key.h"
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

struct PreparedBatch {
  explicit PreparedBatch(EventBatch batch) : events(std::move(batch)) {}

  EventBatch events;
  std::vector<KeyColumn> keys;                  // one for each distinct key of the stream's queries
  std::vector<Tick> ticks;                      // ascending by row
  std::vector<std::vector<uint32_t>> selected;  // by query of the plan: the rows that it counts
  std::vector<LateEvent> late;                  // by row, then query
  std::vector<RejectedEvent> rejected;          // by row, then query
};

}  // namespace onrush
