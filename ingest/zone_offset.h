// From the clock on a wall to UTC.
#pragma once

#include <cstdint>

#include "absl/time/time.h"

namespace onrush {

// Description
//   The offset of a time zone at local times: a local time that a clock change repeats is the first
//   of the two, one that it skips is read with the offset before the change.
// Implementation
//   The stretch of local time around the last question, over which the answer is the same, is kept.
//   With the rule above, the offset after a change at which the clock jumps from local time a to b
//   holds from max(a, b) on, whichever way it jumps.
// Threads
//   Each thread uses a copy of its own.
class ZoneOffset {
 public:
  explicit ZoneOffset(absl::TimeZone zone) : zone_(zone) {}

  // Local times in [begin_s, end_s) are offset_s ahead of UTC. Seconds from 1970-01-01T00:00:00.
  struct Stretch {
    int64_t begin_s = 0;
    int64_t end_s = 0;
    int64_t offset_s = 0;
  };

  // The stretch that holds `local_s`. About 1 ns inside that of the last call, else 500 ns.
  const Stretch& At(int64_t local_s) {
    if (local_s < stretch_.begin_s || local_s >= stretch_.end_s) Find(local_s);
    return stretch_;
  }

 private:
  void Find(int64_t local_s);

  absl::TimeZone zone_;
  Stretch stretch_;
};

}  // namespace onrush
