#include "operators/velocity_values.h"

#include <algorithm>
#include <cstring>

namespace onrush {

void VelocityValues::Start(const EventBatch& batch) {
  if (keys_.nulls.size() < batch.capacity()) keys_ = KeyColumn(batch.capacity());
  codec_.Encode(batch, hash_seed_, keys_, &known_hashes_);
  some_null_ = batch.size > 0 && std::memchr(keys_.nulls.data(), 1, batch.size) != nullptr;
}

void VelocityValues::Acquire(std::span<const uint32_t> rows, uint32_t* values) {
  if (!some_null_) return Intern(rows, values);
  rows_.clear();
  for (const uint32_t row : rows) {
    if (keys_.nulls[row] == 0) rows_.push_back(row);
  }
  ids_.resize(std::max(ids_.size(), rows_.size()));
  Intern(rows_, ids_.data());
  const uint32_t* next = ids_.data();
  for (size_t i = 0; i < rows.size(); ++i)
    values[i] = keys_.nulls[rows[i]] == 0 ? *next++ : kNoValue;
}

}  // namespace onrush
