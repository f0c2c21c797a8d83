// One line on a terminal that tells how far a run is.
#pragma once

#include <cstdint>
#include <string>

#include "core/runtime/clock.h"
#include "core/time.h"

namespace onrush {

struct ProgressFigures {
  uint64_t bytes_read = 0;
  uint64_t bytes_total = 0;  // 0: not known
  uint64_t events = 0;
  EventTime watermark = kMinEventTime;  // kMinEventTime: there is none yet
};

// "43 %  1,200,000 events  4.9 M/s  watermark 2026-03-02T08:10:00Z".
std::string ProgressText(const ProgressFigures& figures, double elapsed_s);

// Shows the figures on standard error, over the previous ones, ten times a second at most.
// Not thread-safe.
class ProgressLine {
 public:
  // Silent if not `enabled`.
  ProgressLine(Clock& clock, bool enabled);
  ~ProgressLine() { Erase(); }

  // About 30 ns when it is not time yet.
  void Update(const ProgressFigures& figures);

  // Takes the line away, so that something else can be written.
  void Erase();

 private:
  Clock& clock_;
  const bool enabled_;
  const ProcessingTime start_;
  ProcessingTime next_;
  bool shown_ = false;
};

}  // namespace onrush
