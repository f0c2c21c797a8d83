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
//   Ends after the newest event are only counted. They are sorted in as it moves on, at the end of
//   the others, which are those between the oldest instant that is asked about and the newest.
//   Insert: some searches, mostly one. CountAt: one, and a sum over sizes of chunks.
// Invariants
//   Ends up to cut_ may be missing: nobody asks about such instants.
// Threads
//   One.
class ValueTimeline {
 public:
  explicit ValueTimeline(Duration within) : within_(within) {}

  // To be called before the first event at `time`, later than all others, is added, and then
  // Leave() for those that its trailing window leaves behind, in order.
  void Advance(int64_t time) { newest_ = time; }
  void Leave(int64_t time, uint32_t value);
  // Adds an event, not later than the newest. If it is not the latest with its value,
  // before(oldest) must return the time of the last one not after it, or nothing if there is none
  // at `oldest` or later, and after() the time of the first one that is later.
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
    return ends_.CountAfter(time) + later_ - events_after;
  }
  // Different values of all events.
  size_t size() const { return uses_.size(); }

  void Clear();
  size_t memory_bytes() const;

 private:
  struct Use {
    int64_t latest;
    uint32_t count;
    bool left;  // the trailing window of the newest event has left the latest behind
  };
  // The first instant whose window does not reach back to `time`.
  WideTime LeavesAt(int64_t time) const { return WideTime{time} + within_.ns + 1; }
  void AddEnd(WideTime end) {
    if (end > newest_) {
      ++later_;
    } else if (end > cut_) {
      ends_.Insert(static_cast<int64_t>(end));
    }
  }
  void RemoveEnd(WideTime end) {
    if (end > newest_) {
      --later_;
    } else if (end > cut_) {
      ends_.Erase(static_cast<int64_t>(end));
    }
  }

  Duration within_;
  int64_t cut_ = kMinEventTime.ns;
  int64_t newest_ = kMinEventTime.ns;
  SortedTimes ends_;
  int64_t later_ = 0;  // ends after newest_
  absl::flat_hash_map<uint32_t, Use> uses_;
};

// Of several at one time with one value, the others ended with the last.
inline void ValueTimeline::Leave(int64_t time, uint32_t value) {
  if (value == kNoValue) return;
  Use& use = uses_.find(value)->second;
  if (use.latest != time || use.left) return;
  use.left = true;
  --later_;
  AddEnd(LeavesAt(time));
}

template <typename BeforeFn, typename AfterFn>
void ValueTimeline::Insert(int64_t time, uint32_t value, BeforeFn before, AfterFn after) {
  if (value == kNoValue) return AddEnd(time);
  const auto [found, inserted] = uses_.try_emplace(value, Use{time, 0, false});
  Use& use = found->second;
  ++use.count;
  use.left = LeavesAt(std::max(use.latest, time)) <= newest_;
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
  cut_ = newest_ = kMinEventTime.ns;
  ends_.Clear();
  later_ = 0;
  uses_.clear();
}

inline size_t ValueTimeline::memory_bytes() const {
  return ends_.memory_bytes() + uses_.capacity() * (sizeof(uint32_t) + sizeof(Use) + 5);
}

}  // namespace onrush
