#include "operators/sorted_times.h"

#include <algorithm>

#include "core/check.h"

namespace onrush {

size_t SortedTimes::EntryOf(int64_t time) const {
  const auto after =
      std::upper_bound(directory_.begin(), directory_.end(), time,
                       [](int64_t t, const Entry& entry) { return t < entry.first; });
  return after == directory_.begin() ? 0 : static_cast<size_t>(after - directory_.begin()) - 1;
}

void SortedTimes::Insert(int64_t time) {
  if (directory_.empty()) directory_.push_back({time, 0, TakeChunk()});
  size_t at = EntryOf(time);
  if (directory_[at].size == kChunk) {
    Split(at);
    at = EntryOf(time);
  }
  Entry& entry = directory_[at];
  int64_t* const times = chunks_[entry.chunk].data();
  int64_t* const position = std::upper_bound(times, times + entry.size, time);
  std::copy_backward(position, times + entry.size, times + entry.size + 1);
  *position = time;
  entry.first = times[0];
  ++entry.size;
  ++size_;
}

// Times that come in order leave full chunks behind.
void SortedTimes::Split(size_t at) {
  const uint32_t added = TakeChunk();
  const Times& times = chunks_[directory_[at].chunk];
  const size_t keep = at + 1 == directory_.size() ? kChunk - 1 : kChunk / 2;
  std::copy(times.begin() + keep, times.end(), chunks_[added].begin());
  directory_[at].size = static_cast<uint32_t>(keep);
  directory_.insert(directory_.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                    {times[keep], static_cast<uint32_t>(kChunk - keep), added});
}

void SortedTimes::Erase(int64_t time) {
  const size_t at = EntryOf(time);
  Entry& entry = directory_[at];
  int64_t* const times = chunks_[entry.chunk].data();
  int64_t* const position = std::lower_bound(times, times + entry.size, time);
  ONRUSH_DCHECK(position != times + entry.size && *position == time);
  std::copy(position + 1, times + entry.size, position);
  --size_;
  if (--entry.size == 0) return Remove(at);
  entry.first = times[0];
}

int64_t SortedTimes::CountAfter(int64_t time) const {
  if (directory_.empty()) return 0;
  const size_t at = EntryOf(time);
  const Entry& entry = directory_[at];
  const int64_t* const times = chunks_[entry.chunk].data();
  const auto up_to = std::upper_bound(times, times + entry.size, time) - times;
  int64_t count = 0;
  if (at < directory_.size() / 2) {
    for (size_t i = 0; i < at; ++i) count += directory_[i].size;
    return size_ - count - up_to;
  }
  for (size_t i = at; i < directory_.size(); ++i) count += directory_[i].size;
  return count - up_to;
}

void SortedTimes::DropUpTo(int64_t time) {
  size_t count = 0;
  while (count + 1 < directory_.size() && directory_[count + 1].first <= time) {
    size_ -= directory_[count].size;
    free_.push_back(directory_[count].chunk);
    ++count;
  }
  directory_.erase(directory_.begin(), directory_.begin() + static_cast<std::ptrdiff_t>(count));
}

void SortedTimes::Remove(size_t at) {
  free_.push_back(directory_[at].chunk);
  directory_.erase(directory_.begin() + static_cast<std::ptrdiff_t>(at));
}

uint32_t SortedTimes::TakeChunk() {
  if (free_.empty()) {
    chunks_.emplace_back();
    free_.reserve(chunks_.capacity());
    return static_cast<uint32_t>(chunks_.size() - 1);
  }
  const uint32_t chunk = free_.back();
  free_.pop_back();
  return chunk;
}

void SortedTimes::Clear() {
  for (const Entry& entry : directory_) free_.push_back(entry.chunk);
  directory_.clear();
  size_ = 0;
}

size_t SortedTimes::memory_bytes() const {
  return directory_.capacity() * sizeof(Entry) + chunks_.capacity() * sizeof(Times) +
         free_.capacity() * sizeof(uint32_t);
}

}  // namespace onrush
