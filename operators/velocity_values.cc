#include "operators/velocity_values.h"

#include <algorithm>

namespace onrush {

void VelocityValues::Acquire(const EventBatch& batch, std::span<const uint32_t> rows,
                             uint32_t* values) {
  if (keys_.nulls.size() < batch.capacity()) keys_ = KeyColumn(batch.capacity());
  codec_.Encode(batch, hash_seed_, keys_, &known_hashes_);
  rows_.clear();
  for (const uint32_t row : rows) {
    if (keys_.nulls[row] == 0) rows_.push_back(row);
  }
  ids_.resize(std::max(ids_.size(), rows_.size()));
  values_.Intern(keys_, rows_, ids_.data());
  uses_.GrowTo(values_.id_limit());
  const KeyTable::Id* next = ids_.data();
  for (size_t i = 0; i < rows.size(); ++i) {
    values[i] = kNoValue;
    if (keys_.nulls[rows[i]] != 0) continue;
    values[i] = *next++;
    ++uses_[values[i]];
  }
}

}  // namespace onrush
