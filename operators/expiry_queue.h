// Ids that are to be looked at again at some event time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "operators/page_array.h"

namespace onrush {

// Description
//   First in, first out, in groups: a group is due when the last of its ids is. So ids may wait
//   longer than asked for, by as much as the times of their neighbours differ, and none costs more
//   than 4.3 bytes and a sequential access.
// Threads
//   One.
class ExpiryQueue {
 public:
  static constexpr size_t kGroup = 60;

  ExpiryQueue() : last_(TakeGroup()) { first_ = last_; }

  void Push(uint32_t id, int64_t due);
  // True if there are ids of which all were due before `time`.
  bool IsDue(int64_t time) const { return groups_[first_].count > 0 && groups_[first_].due < time; }
  // Takes ids of the oldest group out, at most as many as `ids` has room for, and returns their
  // number; 0: there are none.
  size_t Pop(std::span<uint32_t> ids);

  // The same without taking them out.
  size_t Next(std::span<uint32_t> ids) const;

  size_t memory_bytes() const { return groups_.memory_bytes(); }

 private:
  struct Group {
    int64_t due;
    uint32_t count;
    uint32_t next;  // the next group, in the queue or among the free ones; 0: none
    uint32_t ids[kGroup];
  };
  uint32_t TakeGroup();

  PageArray<Group> groups_;  // number 0 stands for none
  uint32_t free_ = 0;
  uint32_t last_;
  uint32_t first_ = 0;
};

}  // namespace onrush
