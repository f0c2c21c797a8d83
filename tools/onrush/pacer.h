// Replay at a set pace: event time against a clock.
#pragma once

#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "core/event_batch.h"
#include "core/plan.h"
#include "core/runtime/clock.h"
#include "core/time.h"

namespace onrush {

// Reads `max` (nothing), or `1x`, `10x`, `0.5x`: so many seconds of event time in one second.
absl::StatusOr<std::optional<double>> ParseSpeed(std::string_view text);

// Description
//   Says when events are due, if the first one was due at once and event time then ran `speed`
//   times as fast as the clock. An event that is behind an earlier one is due with it. Bad events,
//   and those that the stream's guards refuse, have no time and are due at once.
// Threads
//   One at a time.
class Pacer {
 public:
  Pacer(const StreamPlan& stream, double speed) : stream_(stream), speed_(speed) {}

  // When the last of the batch's events is due. `now` is when the first event of all is due.
  ProcessingTime DueTime(const EventBatch& batch, ProcessingTime now);

 private:
  bool IsRefused(EventTime time) const;

  const StreamPlan& stream_;
  const double speed_;
  bool started_ = false;
  ProcessingTime start_;
  EventTime first_;
  EventTime largest_;
};

}  // namespace onrush
