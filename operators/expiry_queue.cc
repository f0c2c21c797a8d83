#include "operators/expiry_queue.h"

#include <algorithm>
#include <limits>

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

size_t ExpiryQueue::Pop(uint32_t (&ids)[kGroup]) {
  const uint32_t popped = first_;
  const size_t count = groups_[popped].count;
  std::copy_n(groups_[popped].ids, count, ids);
  if (first_ == last_) last_ = TakeGroup();
  first_ = groups_[popped].next != 0 ? groups_[popped].next : last_;
  groups_[popped].next = free_;
  free_ = popped;
  return count;
}

}  // namespace onrush
