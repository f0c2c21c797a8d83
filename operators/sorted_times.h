// A multiset of times that knows how many are later than one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "operators/chunk_directory.h"

namespace onrush {

// Description
//   Sorted chunks of at most 64 times, and a directory of them. Insert, Erase: a search, a move of
//   half a chunk. CountAfter: a search, and a sum over the directory from its nearer end.
// Threads
//   One.
class SortedTimes {
 public:
  void Insert(int64_t time);
  // Takes one out. Requires: there is one.
  void Erase(int64_t time);
  int64_t CountAfter(int64_t time) const;
  // Forgets times up to `time`, perhaps not all of them.
  void DropUpTo(int64_t time);
  void Clear();

  size_t memory_bytes() const;

 private:
  static constexpr size_t kChunk = 64;
  using Times = std::array<int64_t, kChunk>;
  struct Position {
    size_t chunk;
    size_t offset;
  };

  // Behind all up to `time`. Requires: there are any.
  Position Find(int64_t time) const;
  uint32_t TakeChunk();
  void Split(size_t chunk);

  ChunkDirectory<uint32_t> directory_;  // of chunks_
  std::vector<Times> chunks_;
  std::vector<uint32_t> free_;  // of chunks_
  int64_t size_ = 0;
  // What was inserted last, since it is mostly what is asked about next: the position after it.
  std::optional<int64_t> inserted_time_;
  Position inserted_{};
};

}  // namespace onrush
