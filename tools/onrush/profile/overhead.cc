#include "tools/onrush/profile/overhead.h"

#include <algorithm>
#include <limits>

namespace onrush {
namespace {

// Nanoseconds of a call of `work`: the best of a few, since stalls only add.
template <typename WorkFn>
double CostOf(WorkFn work) {
  constexpr int kTries = 10;
  constexpr int kCalls = 1'000;
  double best = std::numeric_limits<double>::max();
  for (int i = 0; i < kTries; ++i) {
    const uint64_t begin = StageTimer::NowNs();
    for (int call = 0; call < kCalls; ++call) work();
    best = std::min(best, static_cast<double>(StageTimer::NowNs() - begin) / kCalls);
  }
  return best;
}

}  // namespace

void MeasureCosts(const StageTimerOptions& options, Overhead& overhead) {
  StageTimer timer(options);
  timer.Begin();
  overhead.ns_per_call = CostOf([&] { timer.Took(Stage::kDecode, 0, {1'024, 1}); });
  overhead.ns_per_stall_check = CostOf([] { ThreadClocks::Now(); });
}

}  // namespace onrush
