// How long the event thread itself needs for a datagram.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/metrics/histogram.h"
#include "core/metrics/stall_meter.h"

namespace onrush {

// Description
//   Times some blocks without what the machine did meanwhile: the thread's processor time is read
//   right before such a block and right after it, and a block took no more of its own than that,
//   unless the thread waited for something itself. So a stall counts for a microsecond at most,
//   that of reading the clocks, and no time of its own is hidden by one. That costs 2 us, so it is
//   one block in kOneIn, whatever became of it, and only blocks of one datagram: where several were
//   there at once, somebody had been held up, and their time is that of several.
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
    before_ = ThreadClocks::Now();
    sampling_ = true;
  }
  // It is done and took so long, as measured between the two calls.
  void End(uint64_t took_ns) {
    if (!sampling_) return;
    sampling_ = false;
    const ThreadClocks now = ThreadClocks::Now();
    const bool waited = now.switches_by_itself != before_.switches_by_itself;
    own_.Add(waited ? took_ns : std::min(took_ns, now.cpu_ns - before_.cpu_ns));
  }

 private:
  Histogram& own_;
  ThreadClocks before_;
  uint64_t seen_ = 0;
  bool sampling_ = false;
};

}  // namespace onrush
