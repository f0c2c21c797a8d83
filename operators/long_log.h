// The events of a key that has many.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/int128.h"
#include "core/time.h"
#include "operators/event_blocks.h"
#include "operators/value_timeline.h"

namespace onrush {

// Description
//   Sorted chunks of at most 64 events, and a directory of them with their sizes and sums. The
//   first event and the totals of the newest event's trailing window are kept up to date; those of
//   another window follow from what lies between, chunk by chunk. Different values are counted by a
//   timeline. So an event costs some searches, whether it is the newest or not; only sums of float
//   must be added up anew.
// Invariants
//   The chunks before head_ are gone, the others are not empty. window_ is the first event at
//   window_start_ or later; newest_ totals the events from there on.
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

  // `blocks` must outlive the log. The timeline is kept if `values`.
  LongLog(EventBlocks& blocks, Duration within, bool values);

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
  Position begin() const { return {head_, 0}; }
  Position end() const { return {chunks_.size(), 0}; }
  int64_t time(Position at) const { return Events(at.chunk).times[at.offset]; }
  uint64_t seq(Position at) const { return Events(at.chunk).seq(at.offset); }
  void SetFlagged(Position at);

  // The first event at `time` or later, or later than `time`.
  Position LowerBound(int64_t time) const;
  Position UpperBound(int64_t time) const;
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
    return sizeof(*this) + chunks_.capacity() * sizeof(Chunk) + timeline_.memory_bytes();
  }

 private:
  static constexpr int kChunkOrder = 6;
  static constexpr size_t kChunkSize = size_t{1} << kChunkOrder;
  struct Chunk {
    int64_t first_time;
    EventBlocks::Ref block;
    uint16_t size;
    uint16_t unflagged;
    Int128 sum;
  };
  struct Total {
    int64_t events = 0;
    Int128 sum = 0;
    void Add(const Total& other) { events += other.events, sum += other.sum; }
    void Subtract(const Total& other) { events -= other.events, sum -= other.sum; }
  };

  EventColumns Events(size_t chunk) const { return blocks_->At(chunks_[chunk].block, kChunkOrder); }
  size_t ChunkFor(int64_t time) const;
  Position MakeRoom(int64_t time);
  void Split(size_t chunk);
  void InsertIntoWindow(Position at, const VelocityEvent& event);
  void MoveWindow(int64_t newest_time);
  void InsertValue(Position at, const VelocityEvent& event);
  std::optional<int64_t> TimeBefore(Position at, uint32_t value, int64_t oldest) const;
  int64_t TimeAfter(Position at, uint32_t value) const;
  Position Normal(Position at) const;
  Total Between(Position from, Position to) const;
  Total Part(size_t chunk, size_t from, size_t to) const;
  void DropChunk(size_t chunk) { blocks_->Free(chunks_[chunk].block, kChunkOrder); }

  EventBlocks* blocks_;
  const Duration within_;
  const bool counts_values_;
  std::vector<Chunk> chunks_;
  size_t head_ = 0;
  int64_t size_ = 0;
  int64_t newest_time_ = kMinEventTime.ns;
  int64_t window_start_ = kMinEventTime.ns;
  Position window_{0, 0};
  Total newest_;
  ValueTimeline timeline_;
};

template <typename ReleaseFn>
void LongLog::Forget(int64_t horizon, int64_t oldest_judged, ReleaseFn release) {
  while (head_ + 1 < chunks_.size() && chunks_[head_ + 1].first_time < horizon) {
    const EventColumns events = Events(head_);
    for (size_t i = 0; i < chunks_[head_].size; ++i) {
      if (counts_values_) timeline_.Forget(events.value(i));
      release(events.value(i));
    }
    size_ -= chunks_[head_].size;
    DropChunk(head_++);
  }
  if (counts_values_) timeline_.Cut(oldest_judged);
  if (head_ * 2 < chunks_.size() || head_ == 0) return;
  chunks_.erase(chunks_.begin(), chunks_.begin() + static_cast<std::ptrdiff_t>(head_));
  window_.chunk -= head_;
  head_ = 0;
}

template <typename ReleaseFn>
void LongLog::Clear(ReleaseFn release) {
  for (; head_ < chunks_.size(); DropChunk(head_++)) {
    for (size_t i = 0; i < chunks_[head_].size; ++i) release(Events(head_).value(i));
  }
  chunks_.clear();
  timeline_.Clear();
  head_ = 0;
  size_ = 0;
  newest_time_ = window_start_ = kMinEventTime.ns;
  window_ = {0, 0};
  newest_ = Total();
}

}  // namespace onrush
