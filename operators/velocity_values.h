// Ids for the values that velocity counts distinct.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/key.h"
#include "core/plan.h"
#include "operators/key_table.h"
#include "operators/velocity_log.h"

namespace onrush {

// Gives each value of a column an id for as long as some entry of a log uses it. One thread.
class VelocityValues {
 public:
  VelocityValues(const StreamPlan& stream, size_t column, uint64_t hash_seed)
      : codec_(stream, {column}), hash_seed_(hash_seed), keys_(1) {}

  // Prepares the values of a batch's rows; Acquire() takes them up one by one.
  void Encode(const EventBatch& batch) {
    if (keys_.nulls.size() < batch.capacity()) keys_ = KeyColumn(batch.capacity());
    codec_.Encode(batch, hash_seed_, keys_);
  }
  // The id of a row's value, or VelocityEntry::kNoValue. The caller owes a Release().
  uint32_t Acquire(uint32_t row) {
    if (keys_.nulls[row] != 0) return VelocityEntry::kNoValue;
    const KeyTable::Id id = values_.FindOrInsert(keys_.bytes[row], keys_.hashes[row]);
    if (uses_.size() < values_.id_limit()) uses_.resize(values_.id_limit());
    ++uses_[id];
    return id;
  }
  void Release(uint32_t value) {
    if (value != VelocityEntry::kNoValue && --uses_[value] == 0) values_.Erase(value);
  }
  size_t memory_bytes() const {
    return values_.memory_bytes() + uses_.capacity() * sizeof(uint64_t);
  }

 private:
  KeyCodec codec_;
  uint64_t hash_seed_;
  KeyColumn keys_;
  KeyTable values_;
  std::vector<uint64_t> uses_;  // by id
};

}  // namespace onrush
