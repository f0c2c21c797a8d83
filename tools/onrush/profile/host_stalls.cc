#include "tools/onrush/profile/host_stalls.h"

#include "core/metrics/stage_timer.h"
#include "core/metrics/stall_meter.h"

namespace onrush {

HostStalls WatchForHostStalls(uint64_t watch_ns) {
  constexpr uint64_t kShortestNs = 5'000;
  Histogram stalls;
  StallMeter meter;
  meter.Restart(ThreadClocks::Now());
  const uint64_t begin = StageTimer::NowNs();
  uint64_t last = begin;
  while (last - begin < watch_ns) {
    const uint64_t now = StageTimer::NowNs();
    const uint64_t step = now - last;
    last = now;
    if (step < kShortestNs) continue;
    const uint64_t by_guest = meter.StalledWithin(step, ThreadClocks::Now());
    if (step - by_guest >= kShortestNs) stalls.Add(step - by_guest);
    last = StageTimer::NowNs();
  }
  return {.watched_ns = last - begin, .stalls = Summarize(stalls)};
}

}  // namespace onrush
