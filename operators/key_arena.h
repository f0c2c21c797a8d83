// Memory for the bytes of keys that come and go.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <memory>
#include <vector>

namespace onrush {

// Description
//   Stable blocks of bytes in sizes of powers of two, with a free list for each size: after
//   warm-up, keys that replace others allocate nothing. Not thread-safe.
class KeyArena {
 public:
  // A block of at least `size` bytes, for Free(block, size).
  char* Allocate(size_t size);
  void Free(char* block, size_t size);

  size_t memory_bytes() const { return memory_bytes_; }

 private:
  static constexpr size_t kMinBlock = 16;
  static constexpr size_t kChunk = 64 * 1024;
  struct FreeBlock {
    FreeBlock* next;
  };
  static int SizeClass(size_t size) {
    return size <= kMinBlock ? 0 : std::bit_width(size - 1) - std::bit_width(kMinBlock - 1);
  }

  std::array<FreeBlock*, 61> free_{};
  std::vector<std::unique_ptr<char[]>> chunks_;
  char* next_ = nullptr;
  size_t left_ = 0;
  size_t memory_bytes_ = 0;
};

}  // namespace onrush
