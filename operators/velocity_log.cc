#include "operators/velocity_log.h"

#include <algorithm>

namespace onrush {
namespace {

// time − within, held at the lower end of the range.
int64_t WindowStart(int64_t time, int64_t within_ns) {
  int64_t start = 0;
  return __builtin_sub_overflow(time, within_ns, &start) ? INT64_MIN : start;
}

}  // namespace

size_t VelocityLog::Insert(const VelocityEntry& entry, int64_t within_ns) {
  if (empty() || entry.time >= entries_.back().time) {
    entries_.push_back(entry);
    Enter(entry);
    const int64_t start = WindowStart(entry.time, within_ns);
    while (entries_[window_].time < start) Leave(entries_[window_++]);
    ChooseCounting();
    return entries_.size() - 1;
  }
  const size_t position = UpperBound(entry.time);
  entries_.insert(entries_.begin() + static_cast<std::ptrdiff_t>(position), entry);
  if (entry.time >= WindowStart(entries_.back().time, within_ns)) {
    Enter(entry);
  } else {
    ++window_;
  }
  ChooseCounting();
  return position;
}

void VelocityLog::Enter(const VelocityEntry& entry) {
  sum_ += entry.amount;
  if (counts_ != nullptr) counts_->Add(entry.value);
}

void VelocityLog::Leave(const VelocityEntry& entry) {
  sum_ -= entry.amount;
  if (counts_ != nullptr) counts_->Remove(entry.value);
}

void VelocityLog::ChooseCounting() {
  const size_t size = entries_.size() - window_;
  if (counts_ == nullptr && size > kScanLimit) {
    counts_ = std::make_unique<ValueCounts>();
    for (size_t i = window_; i < entries_.size(); ++i) counts_->Add(entries_[i].value);
  } else if (counts_ != nullptr && size < kScanLimit / 2) {
    counts_.reset();
  }
}

size_t VelocityLog::NewestDistinct() const {
  if (counts_ != nullptr) return counts_->distinct();
  uint32_t seen[kScanLimit];
  size_t distinct = 0;
  for (size_t i = window_; i < entries_.size(); ++i) {
    const uint32_t value = entries_[i].value;
    if (value == VelocityEntry::kNoValue) continue;
    if (std::find(seen, seen + distinct, value) == seen + distinct) seen[distinct++] = value;
  }
  return distinct;
}

size_t VelocityLog::LowerBound(int64_t time) const {
  const auto found =
      std::lower_bound(entries_.begin() + static_cast<std::ptrdiff_t>(head_), entries_.end(), time,
                       [](const VelocityEntry& entry, int64_t t) { return entry.time < t; });
  return static_cast<size_t>(found - entries_.begin());
}

size_t VelocityLog::UpperBound(int64_t time) const {
  const auto found =
      std::upper_bound(entries_.begin() + static_cast<std::ptrdiff_t>(head_), entries_.end(), time,
                       [](int64_t t, const VelocityEntry& entry) { return t < entry.time; });
  return static_cast<size_t>(found - entries_.begin());
}

void VelocityLog::Compact() {
  entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(head_));
  window_ = window_ < head_ ? 0 : window_ - head_;
  head_ = 0;
  if (entries_.empty()) {
    sum_ = 0;
    counts_.reset();
  }
}

void VelocityLog::Clear() {
  entries_.clear();
  cooling_.clear();
  head_ = window_ = 0;
  sum_ = 0;
  counts_.reset();
}

}  // namespace onrush
