// The events of a key that has few.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "core/int128.h"
#include "operators/event_blocks.h"

namespace onrush {

// Description
//   A view of one block of events, at most kMaxSize: everything is a short scan, mostly of one
//   cache line, and nothing but the events needs to be kept. LongLog has the same shape.
// Threads
//   One.
class SmallLog {
 public:
  static constexpr int kMaxOrder = 5;
  static constexpr size_t kMaxSize = size_t{1} << kMaxOrder;

  using Position = size_t;
  struct Window {
    size_t first;
    size_t end;
    int64_t count() const { return static_cast<int64_t>(end - first); }
  };

  SmallLog(const EventColumns& events, size_t size) : events_(events), size_(size) {}

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
};

inline int64_t SmallLog::Distinct(const Window& window, int64_t) const {
  const uint32_t* const values = events_.values;
  int64_t distinct = 0;
  for (size_t i = window.first; i < window.end; ++i) {
    if (values[i] == kNoValue) continue;
    if (std::find(values + window.first, values + i, values[i]) == values + i) ++distinct;
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
