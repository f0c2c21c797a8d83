#include "tests/support/model_window.h"

#include <algorithm>

#include "tests/support/model_time.h"

namespace onrush::model {

Int128 LastBoundary(const WindowPlan& plan, Int128 time) {
  if (plan.kind == WindowPlan::Kind::kZonedDay) return ZonedDayOf(time, plan.time_zone).start;
  return plan.origin.ns + Floor(time - plan.origin.ns, plan.slide.ns) * plan.slide.ns;
}

std::vector<Window> WindowsOf(const WindowPlan& plan, Int128 time) {
  if (plan.kind == WindowPlan::Kind::kZonedDay) {
    const DaySpan day = ZonedDayOf(time, plan.time_zone);
    return {{day.end, day.start}};
  }
  std::vector<Window> windows;
  for (Int128 start = LastBoundary(plan, time); start + plan.size.ns > time;
       start -= plan.slide.ns) {
    windows.push_back({start + plan.size.ns, start});
  }
  std::reverse(windows.begin(), windows.end());
  return windows;
}

}  // namespace onrush::model
