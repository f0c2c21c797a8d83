#include "operators/expiry_queue.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace onrush {

uint32_t ExpiryQueue::TakeGroup() {
  uint32_t taken = free_;
  if (taken != 0) {
    free_ = groups_[taken].next;
  } else {
    taken = static_cast<uint32_t>(std::max<size_t>(groups_.size(), 1));
    groups_.GrowTo(size_t{taken} + 1);
  }
  groups_[taken].due = std::numeric_limits<int64_t>::min();
  groups_[taken].count = 0;
  groups_[taken].next = 0;
  return taken;
}

void ExpiryQueue::Push(uint32_t id, int64_t due) {
  if (groups_[last_].count == kGroup) {
    const uint32_t added = TakeGroup();
    groups_[last_].next = added;
    last_ = added;
  }
  Group& group = groups_[last_];
  group.ids[group.count++] = id;
  group.due = std::max(group.due, due);
}

size_t ExpiryQueue::Next(std::span<uint32_t> ids) const {
  const Group& group = groups_[first_];
  const size_t count = std::min<size_t>(group.count, ids.size());
  std::copy_n(group.ids + group.count - count, count, ids.begin());
  return count;
}

size_t ExpiryQueue::Pop(std::span<uint32_t> ids) {
  if (first_ == last_) {  // What is pushed now must not make the others wait.
    last_ = TakeGroup();
    groups_[first_].next = last_;
  }
  const size_t count = Next(ids);
  Group& group = groups_[first_];
  group.count -= static_cast<uint32_t>(count);
  if (group.count > 0) return count;
  const uint32_t emptied = std::exchange(first_, group.next);
  group.next = std::exchange(free_, emptied);
  return count;
}

}  // namespace onrush
