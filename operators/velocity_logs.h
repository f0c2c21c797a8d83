// What velocity remembers, by key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "core/time.h"
#include "operators/event_blocks.h"
#include "operators/long_log.h"
#include "operators/small_log.h"

namespace onrush {

// What is kept with a key: where its events are. All zeros: there are none. Stands where words may,
// but does not ask for that, so that the key behind it has all the room that is left.
struct VelocityHead {
  static constexpr size_t kWords = 5;

  // As many events as fit, in columns; then where they are: a block of EventBlocks, or a position
  // among the long logs.
  std::byte events[kWords * sizeof(uint64_t)];
  uint8_t order;  // of the block; 0: there is none
  uint8_t size;   // 0: no events; 1 for a long log

  uint32_t block() const {
    uint32_t block;
    std::memcpy(&block, events, sizeof(block));
    return block;
  }
  void SetBlock(uint32_t block) { std::memcpy(events, &block, sizeof(block)); }
};

// Description
//   The events of each key, by event time. The first two of a key stand in its head, or one where
//   amounts are kept; a key with more has a block of up to 64, so that an event touches one or two
//   cache lines beside the head. From 65 on, a key has a LongLog until it leaves. Events that
//   nobody asks about any more are forgotten when their room is needed.
// Threads
//   One.
class VelocityLogs {
 public:
  using Head = VelocityHead;
  // What is asked about: events in time lie at `oldest_judged` or later, so that their windows
  // begin at `start` or later.
  struct Horizon {
    int64_t start;
    int64_t oldest_judged;
  };

  VelocityLogs(Duration within, bool values, bool amounts)
      : within_(within),
        blocks_(values, amounts),
        order_in_head_(blocks_.WordsOf(1) <= Head::kWords ? 1 : 0) {}

  static bool empty(const Head& head) { return head.size == 0; }
  int64_t newest_time(Head& head) {
    if (head.order == kLong) return long_logs_[head.block()]->newest_time();
    return EventsOf(head).times[head.size - 1];
  }

  // Asks for the memory beside the head that Insert() and Visit() touch.
  void Prefetch(const Head& head) const {
    if (head.order != 0 && head.order != kLong) blocks_.Prefetch(head.block(), head.order);
  }

  // Requires: the key has no events.
  void InsertFirst(Head& head, const VelocityEvent& event) {
    EventsInHead(head).Put(0, event);
    head.size = 1;
    inserted_ = 0;
  }
  // Puts an event of a key behind those of its time. Calls release(value) for each event that is
  // forgotten.
  template <typename ReleaseFn>
  void Insert(Head& head, const VelocityEvent& event, Horizon horizon, ReleaseFn release);

  // Calls visit(log) with the key's SmallLog or LongLog. Requires: it was the last to get an event.
  template <typename VisitFn>
  void Visit(Head& head, VisitFn visit) {
    if (head.order == kLong) return visit(*long_logs_[head.block()]);
    SmallLog log(EventsOf(head), head.size, inserted_);
    visit(log);
  }

  // Forgets all events of a key.
  template <typename ReleaseFn>
  void Remove(Head& head, ReleaseFn release);

  size_t memory_bytes() const;

 private:
  static constexpr uint8_t kLong = UINT8_MAX;

  // Of a key without a long log. Valid until a block is allocated.
  EventColumns EventsOf(Head& head) {
    return head.order == 0 ? EventsInHead(head) : blocks_.At(head.block(), head.order);
  }
  EventColumns EventsInHead(Head& head) {
    return blocks_.Columns(reinterpret_cast<uint64_t*>(head.events), size_t{1} << order_in_head_);
  }
  // Of the room for its events.
  int OrderOf(const Head& head) const { return head.order == 0 ? order_in_head_ : head.order; }
  // Forgets the events of a full block before the horizon.
  template <typename ReleaseFn>
  void MakeRoom(Head& head, Horizon horizon, ReleaseFn release);
  void Grow(Head& head);
  void MakeLong(Head& head);

  const Duration within_;
  EventBlocks blocks_;
  const int order_in_head_;
  size_t inserted_ = 0;  // where the last event went, if not into a long log
  std::vector<std::unique_ptr<LongLog>> long_logs_;
  std::vector<uint32_t> free_long_logs_;
};

template <typename ReleaseFn>
void VelocityLogs::Insert(Head& head, const VelocityEvent& event, Horizon horizon,
                          ReleaseFn release) {
  if (head.order != kLong && head.size == 1 << OrderOf(head)) MakeRoom(head, horizon, release);
  if (head.order == kLong) {
    LongLog& log = *long_logs_[head.block()];
    log.Insert(event);
    log.Forget(horizon.start, horizon.oldest_judged, release);
    return;
  }
  EventColumns events = EventsOf(head);
  // As SmallLog::UpperBound(), by which late events take a twentieth longer (bench/run --late).
  inserted_ = head.size;
  while (inserted_ > 0 && events.times[inserted_ - 1] > event.time) --inserted_;
  events.Insert(head.size, inserted_, event);
  ++head.size;
}

template <typename ReleaseFn>
void VelocityLogs::MakeRoom(Head& head, Horizon horizon, ReleaseFn release) {
  const EventColumns events = EventsOf(head);
  size_t old = 0;
  while (old < head.size && events.times[old] < horizon.start) release(events.value(old++));
  if (old == 0) return Grow(head);
  events.Move(old, head.size, events, 0);
  head.size = static_cast<uint8_t>(head.size - old);
}

template <typename ReleaseFn>
void VelocityLogs::Remove(Head& head, ReleaseFn release) {
  if (head.order == kLong) {
    long_logs_[head.block()]->Clear(release);
    free_long_logs_.push_back(head.block());
  } else {
    const EventColumns events = EventsOf(head);
    for (size_t i = 0; i < head.size; ++i) release(events.value(i));
    if (head.order != 0) blocks_.Free(head.block(), head.order);
  }
  head.order = 0;
  head.size = 0;
}

}  // namespace onrush
