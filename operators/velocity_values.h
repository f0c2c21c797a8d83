// Ids for the values that velocity counts distinct.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/key.h"
#include "core/plan.h"
#include "operators/event_blocks.h"
#include "operators/key_table.h"

namespace onrush {

// Gives each value of a column an id for as long as some event that is remembered has it. One
// thread.
class VelocityValues {
 public:
  VelocityValues(const StreamPlan& stream, size_t column, uint64_t hash_seed)
      : codec_(stream, {column}), hash_seed_(hash_seed), keys_(1) {}

  // The ids of the values of rows[i], kNoValue for null, into values[i]. The caller owes a
  // Release() for each.
  void Acquire(const EventBatch& batch, std::span<const uint32_t> rows, uint32_t* values);
  void Release(uint32_t value) {
    if (value != kNoValue && --uses_[value] == 0) values_.Erase(value);
  }
  size_t memory_bytes() const { return values_.memory_bytes() + uses_.memory_bytes(); }

 private:
  KeyCodec codec_;
  uint64_t hash_seed_;
  KeyColumn keys_;
  DictionaryHashes known_hashes_;
  KeyTable values_;
  PageArray<uint32_t> uses_;  // by id
  // Scratch: the rows that have a value, and its ids.
  std::vector<uint32_t> rows_;
  std::vector<KeyTable::Id> ids_;
};

}  // namespace onrush
