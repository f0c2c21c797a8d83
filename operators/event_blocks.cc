#include "operators/event_blocks.h"

#include <algorithm>
#include <cstring>

#include "core/check.h"

namespace onrush {
namespace {

template <typename T>
void MoveColumn(const T* from, size_t count, T* to) {
  if (from != nullptr) std::memmove(to, from, count * sizeof(T));
}

template <typename T>
T* Offset(T* column, size_t by) {
  return column == nullptr ? nullptr : column + by;
}

}  // namespace

void EventColumns::Move(size_t from, size_t size, const EventColumns& target, size_t to) const {
  const size_t count = size - from;
  MoveColumn(times + from, count, target.times + to);
  MoveColumn(marks + from, count, target.marks + to);
  MoveColumn(Offset(amounts, from), count, Offset(target.amounts, to));
  MoveColumn(Offset(values, from), count, Offset(target.values, to));
}

EventBlocks::Ref EventBlocks::Allocate(int order) {
  if (const Ref block = free_[order]; block != 0) {
    free_[order] = static_cast<Ref>(words_[block]);
    return block;
  }
  ONRUSH_CHECK(words_.size() + WordsOf(order) <= UINT32_MAX);
  const auto block = static_cast<Ref>(words_.size());
  words_.GrowTo(words_.size() + WordsOf(order));
  return block;
}

void EventBlocks::Free(Ref block, int order) {
  words_[block] = free_[order];
  free_[order] = block;
}

}  // namespace onrush
