// What velocity remembers, by key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/time.h"
#include "operators/event_blocks.h"
#include "operators/long_log.h"
#include "operators/page_array.h"
#include "operators/small_log.h"

namespace onrush {

// Description
//   The events of each key, by event time. A key with few has a block that doubles as it fills, and
//   eight bytes that name it: an event of such a key touches two or three cache lines. From 33 on,
//   a key has a LongLog until it leaves. Events that nobody asks about any more are forgotten when
//   their room is needed.
// Threads
//   One.
class VelocityLogs {
 public:
  // What is asked about: events in time lie at `oldest_judged` or later, so that their windows
  // begin at `start` or later.
  struct Horizon {
    int64_t start;
    int64_t oldest_judged;
  };

  VelocityLogs(Duration within, bool values, bool amounts)
      : within_(within), values_(values), blocks_(values, amounts) {}

  // Ids are below `limit` from now on.
  void GrowTo(size_t limit) { heads_.GrowTo(limit); }
  bool empty(uint32_t id) const { return heads_[id].size == 0; }
  int64_t newest_time(uint32_t id) {
    const Head& head = heads_[id];
    if (head.order == kLong) return long_logs_[head.block]->newest_time();
    return blocks_.At(head.block, head.order).times[head.size - 1];
  }

  // Asks for the memory that Visit() and Insert() touch first, and then.
  void PrefetchHead(uint32_t id) const { __builtin_prefetch(&heads_[id]); }
  void PrefetchEvents(uint32_t id) const {
    if (heads_[id].order != kLong) blocks_.Prefetch(heads_[id].block, heads_[id].order);
  }

  // Puts an event of key `id` behind those of its time. Calls release(value) for each event that is
  // forgotten.
  template <typename ReleaseFn>
  void Insert(uint32_t id, const VelocityEvent& event, Horizon horizon, ReleaseFn release);

  // Calls visit(log) with the key's SmallLog or LongLog.
  template <typename VisitFn>
  void Visit(uint32_t id, VisitFn visit) {
    const Head& head = heads_[id];
    if (head.order == kLong) return visit(*long_logs_[head.block]);
    SmallLog log(blocks_.At(head.block, head.order), head.size);
    visit(log);
  }

  // Forgets all events of a key.
  template <typename ReleaseFn>
  void Remove(uint32_t id, ReleaseFn release);

  size_t memory_bytes() const;

 private:
  static constexpr uint8_t kLong = UINT8_MAX;
  struct Head {
    uint32_t block;  // of EventBlocks, or a position in long_logs_
    uint8_t order;   // of the block, or kLong
    uint8_t size;    // 0: no events; 1 for a long log
  };

  // Forgets the events of a full block before the horizon.
  template <typename ReleaseFn>
  void MakeRoom(Head& head, Horizon horizon, ReleaseFn release);
  void Grow(Head& head);
  void MakeLong(Head& head);

  const Duration within_;
  const bool values_;
  EventBlocks blocks_;
  PageArray<Head> heads_;  // by id
  std::vector<std::unique_ptr<LongLog>> long_logs_;
  std::vector<uint32_t> free_long_logs_;
};

template <typename ReleaseFn>
void VelocityLogs::Insert(uint32_t id, const VelocityEvent& event, Horizon horizon,
                          ReleaseFn release) {
  Head& head = heads_[id];
  if (head.size == 0) {
    head = {blocks_.Allocate(0), 0, 0};
  } else if (head.order != kLong && head.size == 1 << head.order) {
    MakeRoom(head, horizon, release);
  }
  if (head.order == kLong) {
    LongLog& log = *long_logs_[head.block];
    log.Insert(event);
    log.Forget(horizon.start, horizon.oldest_judged, release);
    return;
  }
  EventColumns events = blocks_.At(head.block, head.order);
  const size_t position = SmallLog(events, head.size).UpperBound(event.time);
  events.Insert(head.size, position, event);
  ++head.size;
}

template <typename ReleaseFn>
void VelocityLogs::MakeRoom(Head& head, Horizon horizon, ReleaseFn release) {
  const EventColumns events = blocks_.At(head.block, head.order);
  size_t old = 0;
  while (old < head.size && events.times[old] < horizon.start) release(events.value(old++));
  if (old == 0) return Grow(head);
  events.Move(old, head.size, events, 0);
  head.size = static_cast<uint8_t>(head.size - old);
}

template <typename ReleaseFn>
void VelocityLogs::Remove(uint32_t id, ReleaseFn release) {
  Head& head = heads_[id];
  if (head.order == kLong) {
    long_logs_[head.block]->Clear(release);
    free_long_logs_.push_back(head.block);
  } else {
    const EventColumns events = blocks_.At(head.block, head.order);
    for (size_t i = 0; i < head.size; ++i) release(events.value(i));
    blocks_.Free(head.block, head.order);
  }
  head = Head();
}

}  // namespace onrush
