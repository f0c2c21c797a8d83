// The events of a key that has many.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/int128.h"
#include "core/time.h"
#include "operators/chunk_directory.h"
#include "operators/event_blocks.h"
#include "operators/value_timeline.h"

namespace onrush {

// Description
//   Sorted chunks of at most 64 events, and a directory of them with their sizes and sums. The
//   first event and the totals of the newest event's trailing window are kept up to date; those of
//   another window follow from what lies between, chunk by chunk. Different values are counted by a
//   timeline. So an event costs some searches, whether it is the newest or not; only sums of float
//   must be added up anew. What is asked right after an insertion is mostly about the instant of
//   that event, whose place is known.
// Invariants
//   No chunk is empty. window_ is the first event at window_start_ or later; newest_ totals the
//   events from there on.
// Threads
//   One.
class LongLog {
 public:
  struct Position {
    size_t chunk;
    size_t offset;
    friend auto operator<=>(const Position&, const Position&) = default;
  };
  struct Window {
    Position first;
    Position end;
    int64_t events;
    Int128 sum;
    int64_t after;  // events after the window
    int64_t count() const { return events; }
  };

  // `blocks` must outlive the log. The timeline is kept if they keep values.
  LongLog(EventBlocks& blocks, Duration within);

  void Insert(const VelocityEvent& event);
  // Forgets chunks of events before `horizon`, calling release(value) for each; nobody asks about
  // instants before `oldest_judged` any more.
  template <typename ReleaseFn>
  void Forget(int64_t horizon, int64_t oldest_judged, ReleaseFn release);
  // Forgets all.
  template <typename ReleaseFn>
  void Clear(ReleaseFn release);

  size_t size() const { return static_cast<size_t>(size_); }
  size_t values() const { return timeline_.size(); }  // different ones
  int64_t newest_time() const { return newest_time_; }
  Position begin() const { return {0, 0}; }
  Position end() const { return {chunks_.size(), 0}; }
  int64_t time(Position at) const { return Events(at.chunk).times[at.offset]; }
  uint64_t seq(Position at) const { return Events(at.chunk).seq(at.offset); }
  void SetFlagged(Position at);

  // The first event at `time` or later, or later than `time`.
  Position LowerBound(int64_t time) const;
  Position UpperBound(int64_t time) const;
  // True if a window of `within` may hold more than `count` events, the last one that was inserted
  // among them.
  bool MayExceed(int64_t count, Duration) const { return size_ > count; }
  // The first event from `at` on that is not flagged.
  Position NextUnflagged(Position at) const;

  // The events from `start` to `last`, both included. Requires: this is the trailing window of an
  // event.
  Window WindowOf(int64_t start, int64_t last) const;
  int64_t Distinct(const Window& window, int64_t last) const {
    return timeline_.CountAt(last, window.after);
  }
  Int128 Sum(const Window& window) const { return window.sum; }
  double FloatSum(const Window& window) const;

  // Without the blocks.
  size_t memory_bytes() const {
    return sizeof(*this) + chunks_.memory_bytes() + timeline_.memory_bytes();
  }

 private:
  static constexpr int kChunkOrder = 6;
  static constexpr size_t kChunkSize = size_t{1} << kChunkOrder;
  struct Chunk {
    EventBlocks::Ref block;
    uint32_t unflagged;
    Int128 sum;
  };
  struct Total {
    int64_t events = 0;
    Int128 sum = 0;
    void Add(const Total& other) { events += other.events, sum += other.sum; }
    void Subtract(const Total& other) { events -= other.events, sum -= other.sum; }
  };

  EventColumns Events(size_t chunk) const { return blocks_->At(chunks_[chunk].block, kChunkOrder); }
  Position MakeRoom(int64_t time);
  void Split(size_t chunk);
  void InsertIntoWindow(const VelocityEvent& event);
  void MoveWindow(int64_t newest_time);
  void InsertValue(const VelocityEvent& event);
  std::optional<int64_t> TimeBefore(Position at, uint32_t value, int64_t oldest) const;
  int64_t TimeAfter(Position at, uint32_t value) const;
  // Behind the events up to `time` in the chunks before `end`; perhaps the end of a chunk.
  Position Find(int64_t time, size_t end) const {
    const size_t chunk = chunks_.Find(time, end);
    return {chunk, CountUpTo(Events(chunk).times, chunks_.count(chunk), time)};
  }
  Position Normal(Position at) const {
    return at.offset < chunks_.count(at.chunk) ? at : Position{at.chunk + 1, 0};
  }
  Position LowerBoundOfWindow(int64_t start) const;
  Total Between(Position from, Position to) const;
  Int128 PartialSum(size_t chunk, size_t from, size_t to) const;
  Int128 SumBetween(Position from, Position to) const;
  // Frees the first chunks.
  void Drop(size_t chunks);

  EventBlocks* blocks_;
  const Duration within_;
  ChunkDirectory<Chunk> chunks_;
  int64_t size_ = 0;
  int64_t unflagged_ = 0;
  Position inserted_{0, 0};  // where the last event went
  int64_t inserted_time_ = kMinEventTime.ns;
  int64_t newest_time_ = kMinEventTime.ns;
  int64_t window_start_ = kMinEventTime.ns;
  Position window_{0, 0};
  Total newest_;
  ValueTimeline timeline_;
};

template <typename ReleaseFn>
void LongLog::Forget(int64_t horizon, int64_t oldest_judged, ReleaseFn release) {
  size_t old = 0;
  for (; old + 1 < chunks_.size() && chunks_.first_time(old + 1) < horizon; ++old) {
    const EventColumns events = Events(old);
    for (size_t i = 0; i < chunks_.count(old); ++i) {
      if (blocks_->keeps_values()) timeline_.Forget(events.value(i));
      release(events.value(i));
    }
  }
  if (old > 0) Drop(old);
  if (blocks_->keeps_values()) timeline_.Cut(oldest_judged);
}

template <typename ReleaseFn>
void LongLog::Clear(ReleaseFn release) {
  for (size_t chunk = 0; chunk < chunks_.size(); ++chunk) {
    for (size_t i = 0; i < chunks_.count(chunk); ++i) release(Events(chunk).value(i));
  }
  Drop(chunks_.size());
  timeline_.Clear();
  newest_time_ = window_start_ = inserted_time_ = kMinEventTime.ns;
  window_ = inserted_ = {0, 0};
  newest_ = Total();
}

}  // namespace onrush
