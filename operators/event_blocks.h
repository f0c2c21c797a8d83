// Memory for the events that velocity remembers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "operators/page_array.h"

namespace onrush {

inline constexpr uint32_t kNoValue = UINT32_MAX;

// What velocity remembers of an event. `value` is the id of what is counted distinct (kNoValue:
// null), `amount` the number summed up (for float: its bits).
struct VelocityEvent {
  int64_t time = 0;
  uint64_t mark = 0;  // 2 · seq, plus 1 once flagged
  int64_t amount = 0;
  uint32_t value = kNoValue;
};

// Some events in columns, sorted by event time, then arrival. The columns that a query does not
// need are null.
struct EventColumns {
  int64_t* times = nullptr;
  uint64_t* marks = nullptr;
  int64_t* amounts = nullptr;
  uint32_t* values = nullptr;

  VelocityEvent Get(size_t i) const { return {times[i], marks[i], amount(i), value(i)}; }
  uint64_t seq(size_t i) const { return marks[i] >> 1; }
  bool flagged(size_t i) const { return (marks[i] & 1) != 0; }
  void SetFlagged(size_t i) { marks[i] |= 1; }
  uint32_t value(size_t i) const { return values == nullptr ? kNoValue : values[i]; }
  int64_t amount(size_t i) const { return amounts == nullptr ? 0 : amounts[i]; }

  void Put(size_t i, const VelocityEvent& event) {
    times[i] = event.time;
    marks[i] = event.mark;
    if (amounts != nullptr) amounts[i] = event.amount;
    if (values != nullptr) values[i] = event.value;
  }
  // Puts an event before the one at `position`. Requires: there is room.
  void Insert(size_t size, size_t position, const VelocityEvent& event) {
    if (position < size) Move(position, size, *this, position + 1);
    Put(position, event);
  }
  // Moves the events from `from` on to `to` of another or the same.
  void Move(size_t from, size_t size, const EventColumns& target, size_t to) const;
};

// Description
//   Blocks for 2, 4, 8 … events, side by side, named by 32-bit references; freed ones are kept in a
//   list for each size. An event takes 16 bytes, 4 for a value and 8 for an amount.
// Threads
//   One.
class EventBlocks {
 public:
  using Ref = uint32_t;

  EventBlocks(bool values, bool amounts) : values_(values), amounts_(amounts) { words_.GrowTo(1); }

  bool keeps_values() const { return values_; }
  bool keeps_amounts() const { return amounts_; }

  // A block for 2^order events.
  Ref Allocate(int order);
  void Free(Ref block, int order);
  // Valid until the next Allocate().
  EventColumns At(Ref block, int order) {
    return Columns(words_.data() + block, size_t{1} << order);
  }
  // The words that 2^order events take.
  size_t WordsOf(int order) const {
    const size_t count = size_t{1} << order;
    return count * (amounts_ ? 3 : 2) + (values_ ? (count + 1) / 2 : 0);
  }
  // The columns of `count` events in words that stand elsewhere.
  EventColumns Columns(uint64_t* words, size_t count) const {
    EventColumns columns;
    columns.times = reinterpret_cast<int64_t*>(words);
    columns.marks = words + count;
    words += 2 * count;
    if (amounts_) {
      columns.amounts = reinterpret_cast<int64_t*>(words);
      words += count;
    }
    if (values_) columns.values = reinterpret_cast<uint32_t*>(words);
    return columns;
  }
  void Prefetch(Ref block, int order) const {
    const char* const begin = reinterpret_cast<const char*>(words_.data() + block);
    __builtin_prefetch(begin);
    // Larger blocks are those of keys that are seen often.
    if (order > 1) __builtin_prefetch(begin + 64);
  }

  size_t memory_bytes() const { return words_.memory_bytes(); }

 private:
  bool values_;
  bool amounts_;
  PageArray<uint64_t> words_;
  std::array<Ref, 8> free_{};  // by order: a list through the first words; 0 ends it
};

}  // namespace onrush
