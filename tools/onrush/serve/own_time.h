// How long the event thread itself needs for a datagram.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/metrics/histogram.h"
#include "core/metrics/stall_meter.h"

namespace onrush {

// Description
//   Times some blocks without what the machine did meanwhile: the system's clocks of the thread are
//   read right before such a block and right after it, and what it did not run in between, though
//   it did not wait for anything, is taken off. That costs 2 us, so it is one block in kOneIn,
//   whatever became of it, and only blocks of one datagram: where several were there at once,
//   somebody had been held up, and their time is that of several.
// Threads
//   One.
class OwnTimeSampler {
 public:
  static constexpr uint64_t kOneIn = 64;

  // `own` gets nanoseconds and must outlive this.
  explicit OwnTimeSampler(Histogram& own) : own_(own) {}

  // A block with so many datagrams follows.
  void Begin(size_t datagrams) {
    if (datagrams != 1 || ++seen_ % kOneIn != 0) return;
    meter_.Restart(ThreadClocks::Now());
    sampling_ = true;
  }
  // It is done and took so long, as measured between the two calls.
  void End(uint64_t took_ns) {
    if (!sampling_) return;
    sampling_ = false;
    const uint64_t stalled = meter_.StalledWithin(took_ns, ThreadClocks::Now());
    own_.Add(stalled < kClockNoiseNs ? took_ns : took_ns - stalled);
  }

 private:
  // What the two clocks may differ by without a stall.
  static constexpr uint64_t kClockNoiseNs = 1'000;

  Histogram& own_;
  StallMeter meter_;
  uint64_t seen_ = 0;
  bool sampling_ = false;
};

}  // namespace onrush
