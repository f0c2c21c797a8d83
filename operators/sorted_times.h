// A multiset of times that knows how many are later than one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace onrush {

// Description
//   Sorted chunks of at most 64 times, and a directory of them. Insert, Erase: a search, a move of
//   half a chunk. CountAfter: a walk over the directory from its nearer end.
// Threads
//   One.
class SortedTimes {
 public:
  void Insert(int64_t time);
  // Takes one out. Requires: there is one, unless DropUpTo() may have taken it.
  void Erase(int64_t time);
  int64_t CountAfter(int64_t time) const;
  // Forgets times up to `time`, perhaps not all of them.
  void DropUpTo(int64_t time);
  void Clear();

  size_t memory_bytes() const;

 private:
  static constexpr size_t kChunk = 64;
  using Times = std::array<int64_t, kChunk>;
  struct Entry {
    int64_t first;
    uint32_t size;
    uint32_t chunk;  // in chunks_
  };

  // The last entry whose first time is `time` or earlier, else the first. Requires: there are any.
  size_t EntryOf(int64_t time) const;
  uint32_t TakeChunk();
  void Split(size_t entry);
  void Remove(size_t entry);

  std::vector<Entry> directory_;
  std::vector<Times> chunks_;
  std::vector<uint32_t> free_;  // of chunks_
  int64_t size_ = 0;
};

}  // namespace onrush
