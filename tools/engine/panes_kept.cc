#include "tools/engine/panes_kept.h"

#include <algorithm>

#include "core/status_macros.h"
#include "core/window.h"

namespace onrush {
namespace {

constexpr int64_t kLastDay = 68 * 365;  // in 2037

}  // namespace

// An event at time t leaves open the panes from panes_per_window before C on, where C is the last
// boundary at or before t − bound − lateness. What lies between C and the pane of t is widest when
// t is a boundary. All boundaries of fixed windows are alike; days have several lengths.
absl::StatusOr<int64_t> PanesKept(const StreamPlan& stream, const QueryPlan& query) {
  const WindowPlan& window = *query.window();
  ONRUSH_ASSIGN_OR_RETURN(WindowAssigner assigner, WindowAssigner::Create(window));
  const int64_t last = window.kind == WindowPlan::Kind::kZonedDay ? kLastDay : 0;
  int64_t open = 0;
  for (int64_t boundary = 0; boundary <= last; ++boundary) {
    const EventTime time = ClampToEventTime(assigner.Boundary(boundary));
    const EventTime watermark = SaturatingSubtract(time, stream.max_out_of_orderness);
    const EventTime horizon = SaturatingSubtract(watermark, query.allowed_lateness);
    open = std::max(open, boundary - assigner.PaneOf(horizon));
  }
  return assigner.panes_per_window() + open + 1;
}

}  // namespace onrush
