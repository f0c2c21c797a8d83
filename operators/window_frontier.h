// Which windows of a query have fired, and which are closed for good.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "core/time.h"
#include "core/window.h"
#include "operators/index_map.h"

namespace onrush {

// Windows are named by the boundary at which they end (core/window.h). One thread.
struct WindowFrontier {
  static constexpr int64_t kNothing = std::numeric_limits<int64_t>::min();

  WindowAssigner assigner;
  Duration allowed_lateness;
  int64_t fired = kNothing;   // windows that end here or before have fired
  int64_t closed = kNothing;  // windows that end here or before are closed for good

  void Advance(EventTime watermark) {
    closed = assigner.PaneOf(SaturatingSubtract(watermark, allowed_lateness));
    fired = assigner.PaneOf(watermark);
  }

  // The fired but still open windows that hold `pane`: first … last, none if first > last.
  struct Range {
    int64_t first;
    int64_t last;
  };
  Range FiredWindowsOf(int64_t pane) const {
    return {std::max(pane + 1, closed == kNothing ? kNothing : closed + 1),
            std::min(pane + assigner.panes_per_window(), fired)};
  }
};

// Calls fire(end) for each window that ends in (after, up_to] and holds one of `panes`, in order.
// Stretches without panes cost nothing.
template <typename T, typename Fire>
void ForEachWindow(IndexMap<T>& panes, int64_t panes_per_window, int64_t after, int64_t up_to,
                   Fire fire) {
  if (panes.empty()) return;
  int64_t end = std::max(after, panes.first_index()) + 1;
  if (after == std::numeric_limits<int64_t>::max()) return;
  while (end <= up_to && end <= panes.last_index() + panes_per_window) {
    const auto* const oldest = panes.LowerBound(end - panes_per_window);
    if (oldest->index >= end) {
      end = oldest->index + 1;  // the next window that holds anything
      continue;
    }
    fire(end);
    ++end;
  }
}

}  // namespace onrush
