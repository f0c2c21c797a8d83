// The serial heart of event time: sequence numbers and the watermark, in arrival order.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "core/plan.h"
#include "core/runtime/prepared_batch.h"
#include "core/time.h"
#include "core/window.h"

namespace onrush {

// Description
//   Numbers events and computes W = (largest event time so far) − max_out_of_orderness, once, for
//   all shards. Each event sees W as it was before it. A tick is made where W reaches a
//   boundary at which some windowed query fires, updates or closes windows; between ticks these
//   queries' view of W does not change, so that operators need not look at it event by event.
// Implementation
//   Where events are out of order, most move nothing: those that may are found many at a time.
//   Under 1 ns an event, in order 2 ns.
// Threads
//   The ingest thread only.
class Sequencer {
 public:
  // For `stream` and those of the plan's queries that read it. Fails as WindowAssigner::Create().
  static absl::StatusOr<Sequencer> Create(const Plan& plan, size_t stream);

  // Fills first_seq, watermarks, time_range and ticks. Bad events take a number and move nothing.
  void Stamp(PreparedBatch& batch);

  uint64_t next_seq() const { return next_seq_; }
  // kMinEventTime before the first good event.
  EventTime watermark() const { return watermark_; }

 private:
  struct WindowedQuery {
    WindowAssigner assigner;
    Duration allowed_lateness;
  };
  explicit Sequencer(Duration max_out_of_orderness) : bound_(max_out_of_orderness) {}
  // Moves the watermark by the rows from `first` on, as many as are looked at together.
  void StampSome(size_t first, EventBatch& events);
  // Fills ticks.
  void AddTicks(PreparedBatch& batch);
  // The first instant after the watermark at which a window may fire or close.
  EventTime NextTick(EventTime watermark);

  Duration bound_;
  std::vector<WindowedQuery> windowed_;
  uint64_t next_seq_ = 0;
  EventTime max_time_ = kMinEventTime;
  EventTime watermark_ = kMinEventTime;
  EventTime next_tick_ = kMinEventTime;
};

}  // namespace onrush
