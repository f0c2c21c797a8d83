// How many different values the trailing window of any instant holds.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "absl/container/flat_hash_map.h"
#include "core/time.h"
#include "operators/event_blocks.h"
#include "operators/sorted_times.h"

namespace onrush {

// Description
//   The distinct values of the trailing window of t are the events up to t that are, as of t, the
//   last with their value, and not older than `within`. So each event counts from its time up to an
//   end: the next event with its value, or the moment at which it leaves the window. The number at
//   t is that of the events up to t less that of the ends up to t; and since every event has one
//   end, it is that of the ends after t less that of the events after t. An event with a null value
//   ends at once.
//   Insert: some searches. CountAt: a walk over sizes of chunks.
// Invariants
//   Ends up to cut_ may be missing: nobody asks about such instants.
// Threads
//   One.
class ValueTimeline {
 public:
  explicit ValueTimeline(Duration within) : within_(within) {}

  // Adds an event. If it is not the latest with its value, before(oldest) must return the time of
  // the last one not after it, or nothing if there is none at `oldest` or later, and after() the
  // time of the first one that is later.
  template <typename BeforeFn, typename AfterFn>
  void Insert(int64_t time, uint32_t value, BeforeFn before, AfterFn after);
  // Forgets an event. Requires: it has left all windows that are still asked about.
  void Forget(uint32_t value);
  // From now on nobody asks about instants before `time`.
  void Cut(int64_t time) {
    cut_ = time;
    ends_.DropUpTo(time);
  }

  // Different values in the trailing window of `time`, after which `events_after` events come.
  int64_t CountAt(int64_t time, int64_t events_after) const {
    return ends_.CountAfter(time) + endless_ - events_after;
  }
  // Different values of all events.
  size_t size() const { return uses_.size(); }

  void Clear();
  size_t memory_bytes() const;

 private:
  struct Use {
    int64_t latest;
    uint64_t count;
  };
  // The first instant whose window does not reach back to `time`.
  WideTime LeavesAt(int64_t time) const { return WideTime{time} + within_.ns + 1; }
  void AddEnd(WideTime end) {
    if (end > kMaxEventTime.ns) {
      ++endless_;
    } else if (end > cut_) {
      ends_.Insert(static_cast<int64_t>(end));
    }
  }
  void RemoveEnd(WideTime end) {
    if (end > kMaxEventTime.ns) {
      --endless_;
    } else if (end > cut_) {
      ends_.Erase(static_cast<int64_t>(end));
    }
  }

  Duration within_;
  int64_t cut_ = kMinEventTime.ns;
  SortedTimes ends_;
  int64_t endless_ = 0;  // ends behind the last event time that there is
  absl::flat_hash_map<uint32_t, Use> uses_;
};

template <typename BeforeFn, typename AfterFn>
void ValueTimeline::Insert(int64_t time, uint32_t value, BeforeFn before, AfterFn after) {
  if (value == kNoValue) return AddEnd(time);
  const auto [found, inserted] = uses_.try_emplace(value, Use{time, 0});
  Use& use = found->second;
  ++use.count;
  if (inserted) return AddEnd(LeavesAt(time));
  const bool newest = use.latest <= time;
  const WideTime next = newest ? LeavesAt(time) : WideTime{after()};
  const int64_t oldest = SaturatingSubtract(EventTime{time}, within_).ns;
  const std::optional<int64_t> previous = newest ? use.latest : before(oldest);
  if (previous && *previous >= oldest) {
    RemoveEnd(std::min(next, LeavesAt(*previous)));
    AddEnd(time);
  }
  AddEnd(std::min(next, LeavesAt(time)));
  use.latest = std::max(use.latest, time);
}

inline void ValueTimeline::Forget(uint32_t value) {
  if (value == kNoValue) return;
  const auto found = uses_.find(value);
  if (--found->second.count == 0) uses_.erase(found);
}

inline void ValueTimeline::Clear() {
  cut_ = kMinEventTime.ns;
  ends_.Clear();
  endless_ = 0;
  uses_.clear();
}

inline size_t ValueTimeline::memory_bytes() const {
  return ends_.memory_bytes() + uses_.capacity() * (sizeof(uint32_t) + sizeof(Use) + 5);
}

}  // namespace onrush
