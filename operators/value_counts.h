// How often each value occurs.
#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/container/flat_hash_map.h"

namespace onrush {

// Counts ids of values; UINT32_MAX stands for null and is not counted. One thread.
class ValueCounts {
 public:
  static constexpr uint32_t kNull = UINT32_MAX;

  void Add(uint32_t value) {
    if (value != kNull) ++counts_[value];
  }
  // Requires: the value was added more often than removed.
  void Remove(uint32_t value) {
    if (value == kNull) return;
    const auto found = counts_.find(value);
    if (--found->second == 0) counts_.erase(found);
  }
  size_t distinct() const { return counts_.size(); }
  void Clear() { counts_.clear(); }
  size_t memory_bytes() const { return counts_.capacity() * (sizeof(*counts_.begin()) + 1); }

 private:
  absl::flat_hash_map<uint32_t, uint64_t> counts_;
};

}  // namespace onrush
