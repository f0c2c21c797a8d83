// Counts of events, by slot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "operators/accumulators.h"
#include "operators/page_array.h"

namespace onrush {

// Description
//   32 bits a slot, since what is touched per event should stay in the nearest caches; what a count
//   has beyond them stands apart, for the few slots that ever have that.
// Threads
//   One.
class CountColumn final : public Accumulators {
 public:
  std::unique_ptr<Accumulators> NewEmpty() const override {
    return std::make_unique<CountColumn>();
  }
  void Resize(size_t count) override;
  void Reset(size_t slot) override { Set(slot, 0); }

  void Prefetch(size_t slot) const override { __builtin_prefetch(counts_.data() + slot); }
  void Add(const EventBatch& batch, std::span<const uint32_t> rows, const uint32_t* slots) override;
  void AddRun(const EventBatch&, std::span<const uint32_t> rows, size_t slot) override {
    AddTo(slot, rows.size());
  }
  void Combine(size_t slot, const Accumulators& later, size_t later_slot) override;

  bool AppendJson(size_t slot, std::string& out) const override;
  bool Rank(size_t slot, RankValue& value) const override;
  size_t memory_bytes() const override {
    return counts_.memory_bytes() + beyond_.capacity() * (sizeof(*beyond_.begin()) + 1);
  }

  uint64_t count(size_t slot) const {
    if (beyond_.empty()) return counts_[slot];
    const auto found = beyond_.find(slot);
    return counts_[slot] + (found == beyond_.end() ? 0 : found->second << 32);
  }
  // The counts modulo 2^32, by slot.
  const uint32_t* low_counts() const { return counts_.data(); }
  // No count is above this.
  uint64_t bound() const { return bound_; }

 private:
  void AddTo(size_t slot, uint64_t added) {
    Set(slot, count(slot) + added);
    bound_ += added;
  }
  void Set(size_t slot, uint64_t count);

  PageArray<uint32_t> counts_;
  absl::flat_hash_map<size_t, uint64_t> beyond_;  // by slot: in units of 2^32
  uint64_t bound_ = 0;
};

}  // namespace onrush
