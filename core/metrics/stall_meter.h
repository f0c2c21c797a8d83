// Was the thread at work, or did the machine do something else?
#pragma once

#include <cstdint>

namespace onrush {

// What the system says of the calling thread.
struct ThreadClocks {
  uint64_t wall_ns = 0;             // CLOCK_MONOTONIC
  uint64_t cpu_ns = 0;              // time on a processor, as far as the guest knows
  uint64_t switches_by_itself = 0;  // it waited for something
  uint64_t switches_by_others = 0;  // it was taken off its processor

  // Three system calls: about 1 us.
  static ThreadClocks Now();
};

// Description
//   Tells time in which a thread was ready to run but did not from time of its own. The difference
//   between wall time and processor time is that, if the thread did not wait for anything itself.
//   What a host takes away without telling its guest counts as time of the thread's own.
// Threads
//   One.
class StallMeter {
 public:
  // What was before is forgotten.
  void Restart(const ThreadClocks& now) { base_ = now; }

  // How much of the last `took_ns` the thread did not run; 0 if it waited for something itself
  // since the last call. Forgets what was before `now`.
  uint64_t StalledWithin(uint64_t took_ns, const ThreadClocks& now);

 private:
  ThreadClocks base_;
};

}  // namespace onrush
