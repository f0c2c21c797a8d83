// Finds the chunk of a long sorted sequence that a time belongs to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

namespace onrush {

// How many of `count` ascending times are `time` or earlier. By eighths, without branches, half of
// which would be guessed wrong: eight steps that wait for nothing instead of three that wait for
// each other.
inline size_t CountUpTo(const int64_t* times, size_t count, int64_t time) {
  const int64_t* begin = times;
  while (count > 8) {
    const size_t step = count / 8;
    size_t passed = 0;
    for (size_t i = 1; i <= 8; ++i) passed += begin[i * step - 1] <= time;
    begin += passed * step;
    count = passed == 8 ? count - 8 * step : step - 1;
  }
  size_t found = static_cast<size_t>(begin - times);
  for (size_t i = 0; i < count; ++i) found += begin[i] <= time;
  return found;
}

// Description
//   For each chunk, in order: the first of its times, how many it has, and what the owner keeps of
//   it. First times and sizes stand by themselves, so that a search or a sum over thousands of
//   chunks stays in the nearest caches. Sequences grow at their ends and are dropped from the
//   front, both of which is cheap.
// Threads
//   One.
template <typename Chunk>
class ChunkDirectory {
 public:
  size_t size() const { return chunks_.size() - head_; }
  bool empty() const { return size() == 0; }
  // Of chunk i. Valid until a chunk is inserted, erased or dropped.
  int64_t& first_time(size_t i) { return first_times_[head_ + i]; }
  int64_t first_time(size_t i) const { return first_times_[head_ + i]; }
  uint32_t& count(size_t i) { return counts_[head_ + i]; }
  uint32_t count(size_t i) const { return counts_[head_ + i]; }
  Chunk& operator[](size_t i) { return chunks_[head_ + i]; }
  const Chunk& operator[](size_t i) const { return chunks_[head_ + i]; }

  // Of the chunks before `end`, the last one that begins at `time` or earlier, else the first.
  // Looks at those right before `end` first. Requires: 0 < end <= size().
  size_t Find(int64_t time, size_t end) const {
    const size_t near = end > kNear && first_time(end - kNear) <= time ? end - kNear : 0;
    const size_t up_to = CountUpTo(first_times_.data() + head_ + near, end - near, time);
    return up_to == 0 ? 0 : near + up_to - 1;
  }
  size_t Find(int64_t time) const { return Find(time, size()); }
  // How many times the chunks from … to − 1 have.
  int64_t CountBetween(size_t from, size_t to) const {
    const uint32_t* const counts = counts_.data() + head_;
    return std::accumulate(counts + from, counts + to, int64_t{0});
  }

  // A chunk before chunk i.
  void Insert(size_t i, int64_t first_time, uint32_t count, const Chunk& chunk) {
    first_times_.insert(At(first_times_, i), first_time);
    counts_.insert(At(counts_, i), count);
    chunks_.insert(At(chunks_, i), chunk);
  }
  void Erase(size_t i) {
    first_times_.erase(At(first_times_, i));
    counts_.erase(At(counts_, i));
    chunks_.erase(At(chunks_, i));
  }
  // The first chunks. Amortised.
  void Drop(size_t chunks) {
    head_ += chunks;
    if (head_ < size()) return;
    first_times_.erase(first_times_.begin(), At(first_times_, 0));
    counts_.erase(counts_.begin(), At(counts_, 0));
    chunks_.erase(chunks_.begin(), At(chunks_, 0));
    head_ = 0;
  }
  void Clear() { Drop(size()); }

  size_t memory_bytes() const {
    return first_times_.capacity() * sizeof(int64_t) + counts_.capacity() * sizeof(uint32_t) +
           chunks_.capacity() * sizeof(Chunk);
  }

 private:
  static constexpr size_t kNear = 64;

  template <typename T>
  typename std::vector<T>::iterator At(std::vector<T>& of, size_t i) {
    return of.begin() + static_cast<std::ptrdiff_t>(head_ + i);
  }

  std::vector<int64_t> first_times_;
  std::vector<uint32_t> counts_;
  std::vector<Chunk> chunks_;
  size_t head_ = 0;  // what stands before it is dropped
};

}  // namespace onrush
