// The arithmetic of windows: panes and their boundaries.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/plan.h"
#include "core/time.h"

namespace onrush {

// Description
//   Boundaries are the multiples of the slide from the origin (or the midnights of a time zone),
//   numbered in order; boundary 0 is the origin (or the midnight that begins 1970-01-01). Pane p is
//   the stretch from boundary p to boundary p + 1. The window that ends at boundary b consists of
//   the panes b − panes_per_window … b − 1. This numbering keeps every comparison of windows with
//   watermarks inside 64 bits, also at the ends of event time; only Boundary() can leave it.
// Threads
//   Each thread uses a copy of its own: the last day of a time zone is cached.
class WindowAssigner {
 public:
  // Fails with kInvalidArgument if the system does not know the plan's time zone.
  static absl::StatusOr<WindowAssigner> Create(const WindowPlan& plan);

  // The pane of an event, which is also the last boundary at or before `time`. About 2 ns when the
  // pane is that of the last call, 10 ns otherwise, 300 ns for a new day of a time zone.
  int64_t PaneOf(EventTime time) {
    if (time.ns >= cached_begin_ && time.ns < cached_end_) return cached_pane_;
    return PaneOfSlow(time);
  }

  // The pane that PaneOf() told last: all of [first, last] is in it, and but for the ends of event
  // time nothing else.
  struct Stretch {
    bool Holds(int64_t ns) const { return ns >= first_ns && ns <= last_ns; }
    bool Holds(TimeRange range) const { return Holds(range.earliest) && Holds(range.latest); }

    int64_t first_ns;
    int64_t last_ns;
  };
  Stretch last_pane() const { return {cached_begin_, cached_end_ - 1}; }

  // The instant of a boundary.
  WideTime Boundary(int64_t boundary) const;

  int64_t panes_per_window() const { return panes_per_window_; }
  // The boundary at which the window ending at `end` begins.
  int64_t WindowBegin(int64_t end) const { return end - panes_per_window_; }

 private:
  WindowAssigner() = default;
  int64_t PaneOfSlow(EventTime time);
  int64_t FixedPaneOf(EventTime time) const;
  int64_t DayOf(EventTime time) const;
  WideTime StartOfDay(int64_t day) const;

  bool zoned_ = false;
  int64_t slide_ns_ = 0;
  int64_t origin_ns_ = 0;
  int64_t panes_per_window_ = 1;
  absl::TimeZone zone_;

  // The half-open stretch of pane cached_pane_, empty at first.
  int64_t cached_begin_ = 0;
  int64_t cached_end_ = 0;
  int64_t cached_pane_ = 0;
};

}  // namespace onrush
