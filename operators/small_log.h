// The events of a key that has few.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "core/int128.h"
#include "core/time.h"
#include "operators/event_blocks.h"

namespace onrush {

// Description
//   A view of one block of events, at most kMaxSize: everything is a short scan, mostly of one
//   cache line, and nothing but the events needs to be kept. LongLog has the same shape.
// Threads
//   One.
class SmallLog {
 public:
  static constexpr int kMaxOrder = 6;
  static constexpr size_t kMaxSize = size_t{1} << kMaxOrder;

  using Position = size_t;
  struct Window {
    size_t first;
    size_t end;
    int64_t count() const { return static_cast<int64_t>(end - first); }
  };

  // `inserted`: where the last event went.
  SmallLog(const EventColumns& events, size_t size, size_t inserted)
      : events_(events), size_(size), inserted_(inserted) {}

  size_t size() const { return size_; }
  size_t values() const { return size_; }  // different ones, at most
  Position end() const { return size_; }
  int64_t time(Position at) const { return events_.times[at]; }
  uint64_t seq(Position at) const { return events_.seq(at); }
  void SetFlagged(Position at) { events_.SetFlagged(at); }

  // The first event at `time` or later, or later than `time`.
  Position LowerBound(int64_t time) const {
    size_t at = size_;
    while (at > 0 && events_.times[at - 1] >= time) --at;
    return at;
  }
  Position UpperBound(int64_t time) const {
    size_t at = size_;
    while (at > 0 && events_.times[at - 1] > time) --at;
    return at;
  }
  // True if a window of `within` may hold more than `count` events, the last one that was inserted
  // among them.
  bool MayExceed(int64_t count, Duration within) const;
  // The first event from `at` on that is not flagged.
  Position NextUnflagged(Position at) const {
    while (at < size_ && events_.flagged(at)) ++at;
    return at;
  }

  // The events from `start` to `last`, both included.
  Window WindowOf(int64_t start, int64_t last) const {
    return {LowerBound(start), UpperBound(last)};
  }
  int64_t Distinct(const Window& window, int64_t last) const;
  Int128 Sum(const Window& window) const;
  double FloatSum(const Window& window) const;

 private:
  EventColumns events_;
  size_t size_;
  size_t inserted_;
};

// Of so many events one behind the other, the first and the last.
inline bool SmallLog::MayExceed(int64_t count, Duration within) const {
  if (static_cast<int64_t>(size_) <= count) return false;
  const auto more = static_cast<size_t>(count);
  for (size_t first = inserted_ - std::min(inserted_, more);
       first <= inserted_ && first + more < size_; ++first) {
    const WideTime last = events_.times[first + more];
    if (last - events_.times[first] <= within.ns) return true;
  }
  return false;
}

inline int64_t SmallLog::Distinct(const Window& window, int64_t) const {
  const uint32_t* const values = events_.values;
  int64_t distinct = 0;
  for (size_t i = window.first; i < window.end; ++i) {
    if (values[i] == kNoValue) continue;
    bool found = false;  // looked for to the end, in vectors
    for (size_t j = window.first; j < i; ++j) found |= values[j] == values[i];
    distinct += !found;
  }
  return distinct;
}

inline Int128 SmallLog::Sum(const Window& window) const {
  Int128 sum = 0;
  for (size_t i = window.first; i < window.end; ++i) sum += events_.amounts[i];
  return sum;
}

inline double SmallLog::FloatSum(const Window& window) const {
  double sum = 0;
  for (size_t i = window.first; i < window.end; ++i) {
    sum += std::bit_cast<double>(events_.amounts[i]);
  }
  return sum;
}

}  // namespace onrush
