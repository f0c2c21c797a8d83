#include "operators/count_column.h"

#include "core/int128.h"

namespace onrush {
namespace {

constexpr size_t kPrefetchDistance = 16;

}  // namespace

void CountColumn::Resize(size_t count) {
  counts_.Resize(count);
  if (count > 0) return;
  beyond_.clear();
  bound_ = 0;
}

void CountColumn::Add(const EventBatch&, std::span<const uint32_t> rows, const uint32_t* slots) {
  uint32_t* const counts = counts_.data();
  const size_t count = rows.size();
  for (size_t i = 0; i < count; ++i) {
    if (i + kPrefetchDistance < count) __builtin_prefetch(&counts[slots[i + kPrefetchDistance]]);
    if (++counts[slots[i]] == 0) ++beyond_[slots[i]];
  }
  bound_ += count;
}

void CountColumn::Combine(size_t slot, const Accumulators& later, size_t later_slot) {
  AddTo(slot, static_cast<const CountColumn&>(later).count(later_slot));
}

void CountColumn::Set(size_t slot, uint64_t count) {
  counts_[slot] = static_cast<uint32_t>(count);
  if (count > UINT32_MAX) {
    beyond_[slot] = count >> 32;
  } else if (!beyond_.empty()) {
    beyond_.erase(slot);
  }
}

bool CountColumn::AppendJson(size_t slot, std::string& out) const {
  AppendInt128(count(slot), out);
  return true;
}

bool CountColumn::Rank(size_t slot, RankValue& value) const {
  value.exact = count(slot);
  return value.exact != 0;
}

}  // namespace onrush
