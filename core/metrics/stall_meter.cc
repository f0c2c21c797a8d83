#include "core/metrics/stall_meter.h"

#include <sys/resource.h>
#include <time.h>

#include <algorithm>

namespace onrush {
namespace {

uint64_t Read(clockid_t clock) {
  timespec time;
  clock_gettime(clock, &time);
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(time.tv_nsec);
}

}  // namespace

ThreadClocks ThreadClocks::Now() {
  rusage usage;
  getrusage(RUSAGE_THREAD, &usage);
  return {.wall_ns = Read(CLOCK_MONOTONIC),
          .cpu_ns = Read(CLOCK_THREAD_CPUTIME_ID),
          .switches_by_itself = static_cast<uint64_t>(usage.ru_nvcsw),
          .switches_by_others = static_cast<uint64_t>(usage.ru_nivcsw)};
}

uint64_t StallMeter::StalledWithin(uint64_t took_ns, const ThreadClocks& now) {
  const uint64_t wall = now.wall_ns - base_.wall_ns;
  const uint64_t cpu = now.cpu_ns - base_.cpu_ns;
  const bool waited = now.switches_by_itself != base_.switches_by_itself;
  base_ = now;
  return waited || cpu >= wall ? 0 : std::min(wall - cpu, took_ns);
}

}  // namespace onrush
