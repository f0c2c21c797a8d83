#include "operators/slot_map.h"

#include <algorithm>

namespace onrush {
namespace {

constexpr size_t kInitialPairs = 64;

}  // namespace

void SlotMap::Insert(uint32_t id, uint32_t slot, size_t id_limit) {
  ++size_;
  if (!dense_ && size_ * 4 >= id_limit) MakeDense(id_limit);
  if (!dense_) {
    if (size_ * 2 > pairs_.size()) GrowSparse();
    return InsertSparse(id, slot);
  }
  // New ids keep coming: grow ahead of them.
  if (id >= by_id_.size()) by_id_.resize(std::max(id_limit, by_id_.size() * 3 / 2), kNone);
  by_id_[id] = slot;
}

void SlotMap::Clear() {
  if (dense_) {
    by_id_.clear();
  } else {
    std::fill(pairs_.begin(), pairs_.end(), Pair{});
  }
  dense_ = false;
  size_ = 0;
}

uint32_t SlotMap::FindSparse(uint32_t id) const {
  if (pairs_.empty()) return kNone;
  const size_t mask = pairs_.size() - 1;
  for (size_t i = Home(id, mask); pairs_[i].slot != kNone; i = (i + 1) & mask) {
    if (pairs_[i].id == id) return pairs_[i].slot;
  }
  return kNone;
}

void SlotMap::InsertSparse(uint32_t id, uint32_t slot) {
  const size_t mask = pairs_.size() - 1;
  size_t i = Home(id, mask);
  while (pairs_[i].slot != kNone) i = (i + 1) & mask;
  pairs_[i] = {id, slot};
}

void SlotMap::GrowSparse() {
  std::vector<Pair> old(std::max(kInitialPairs, pairs_.size() * 2));
  old.swap(pairs_);
  for (const Pair& pair : old) {
    if (pair.slot != kNone) InsertSparse(pair.id, pair.slot);
  }
}

void SlotMap::MakeDense(size_t id_limit) {
  dense_ = true;
  by_id_.assign(id_limit, kNone);
  for (Pair& pair : pairs_) {
    if (pair.slot != kNone) by_id_[pair.id] = pair.slot;
    pair = Pair{};
  }
}

}  // namespace onrush
