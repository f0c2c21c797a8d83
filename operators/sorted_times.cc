#include "operators/sorted_times.h"

#include <algorithm>

#include "core/check.h"

namespace onrush {

void SortedTimes::Insert(int64_t time) {
  if (directory_.empty()) directory_.Insert(0, time, 0, TakeChunk());
  Position at = Find(time);
  if (directory_.count(at.chunk) == kChunk) {
    Split(at.chunk);
    at = Find(time);
  }
  int64_t* const times = chunks_[directory_[at.chunk]].data();
  uint32_t& count = directory_.count(at.chunk);
  std::copy_backward(times + at.offset, times + count, times + count + 1);
  times[at.offset] = time;
  directory_.first_time(at.chunk) = times[0];
  ++count;
  ++size_;
  inserted_time_ = time;
  inserted_ = {at.chunk, at.offset + 1};
}

SortedTimes::Position SortedTimes::Find(int64_t time) const {
  const size_t chunk = directory_.Find(time);
  return {chunk, CountUpTo(chunks_[directory_[chunk]].data(), directory_.count(chunk), time)};
}

// Times that come in order leave full chunks behind.
void SortedTimes::Split(size_t at) {
  const uint32_t added = TakeChunk();
  const Times& times = chunks_[directory_[at]];
  const size_t keep = at + 1 == directory_.size() ? kChunk - 1 : kChunk / 2;
  std::copy(times.begin() + keep, times.end(), chunks_[added].begin());
  directory_.count(at) = static_cast<uint32_t>(keep);
  directory_.Insert(at + 1, times[keep], static_cast<uint32_t>(kChunk - keep), added);
}

void SortedTimes::Erase(int64_t time) {
  inserted_time_.reset();
  const Position at = Find(time);
  int64_t* const times = chunks_[directory_[at.chunk]].data();
  uint32_t& count = directory_.count(at.chunk);
  ONRUSH_DCHECK(at.offset > 0 && times[at.offset - 1] == time);
  std::copy(times + at.offset, times + count, times + at.offset - 1);
  --size_;
  if (--count > 0) {
    directory_.first_time(at.chunk) = times[0];
    return;
  }
  free_.push_back(directory_[at.chunk]);
  directory_.Erase(at.chunk);
}

int64_t SortedTimes::CountAfter(int64_t time) const {
  if (directory_.empty()) return 0;
  const Position at = time == inserted_time_ ? inserted_ : Find(time);
  const auto offset = static_cast<int64_t>(at.offset);
  if (at.chunk < directory_.size() / 2) {
    return size_ - directory_.CountBetween(0, at.chunk) - offset;
  }
  return directory_.CountBetween(at.chunk, directory_.size()) - offset;
}

void SortedTimes::DropUpTo(int64_t time) {
  size_t drop = 0;
  for (; drop + 1 < directory_.size() && directory_.first_time(drop + 1) <= time; ++drop) {
    size_ -= directory_.count(drop);
    free_.push_back(directory_[drop]);
  }
  if (drop == 0) return;
  directory_.Drop(drop);
  inserted_time_.reset();
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
  for (size_t i = 0; i < directory_.size(); ++i) free_.push_back(directory_[i]);
  directory_.Clear();
  inserted_time_.reset();
  size_ = 0;
}

size_t SortedTimes::memory_bytes() const {
  return directory_.memory_bytes() + chunks_.capacity() * sizeof(Times) +
         free_.capacity() * sizeof(uint32_t);
}

}  // namespace onrush
