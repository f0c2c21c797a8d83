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

  // Must come before the first Acquire() for a batch, which stays as it is until the last.
  void Start(const EventBatch& batch);
  // The ids of the values of rows[i], kNoValue for null, into values[i]. The caller owes a
  // Release() for each.
  void Acquire(std::span<const uint32_t> rows, uint32_t* values);
  void Release(uint32_t value) {
    if (value != kNoValue && --values_.state(value).events == 0) values_.Erase(value);
  }
  size_t memory_bytes() const { return values_.memory_bytes(); }

 private:
  struct Uses {
    uint32_t events;
  };

  void Intern(std::span<const uint32_t> rows, uint32_t* values) {
    values_.Intern(keys_, rows, values, [](uint32_t, uint32_t, Uses& uses) { ++uses.events; });
  }

  KeyCodec codec_;
  uint64_t hash_seed_;
  KeyColumn keys_;
  DictionaryHashes known_hashes_;
  BasicKeyTable<Uses> values_;
  bool some_null_ = false;  // in the batch
  // Scratch: the rows that have a value, and its ids.
  std::vector<uint32_t> rows_;
  std::vector<uint32_t> ids_;
};

}  // namespace onrush
