// Bump allocation for short-lived text.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace onrush {

// Hands out stretches of memory that live until Clear(), which keeps the chunks for reuse: after
// warm-up it does not allocate. Not thread-safe.
class TextArena {
 public:
  // `size` writable bytes, unaligned.
  char* Allocate(size_t size) {
    if (size > static_cast<size_t>(end_ - next_)) NextChunk(size);
    char* result = next_;
    next_ += size;
    return result;
  }
  // Gives back the last `size` bytes of the latest allocation.
  void Shrink(size_t size) { next_ -= size; }

  std::string_view Copy(std::string_view text) {
    if (text.empty()) return {};
    char* copy = Allocate(text.size());
    std::memcpy(copy, text.data(), text.size());
    return {copy, text.size()};
  }

  // A copy with `padding` zeros after it.
  char* CopyPadded(std::string_view text, size_t padding) {
    char* const copy = Allocate(text.size() + padding);
    if (!text.empty()) std::memcpy(copy, text.data(), text.size());
    std::memset(copy + text.size(), 0, padding);
    return copy;
  }

  void Clear();

 private:
  static constexpr size_t kChunkSize = 64 * 1024;
  struct Chunk {
    std::unique_ptr<char[]> data;
    size_t size = 0;
  };
  void NextChunk(size_t at_least);

  std::vector<Chunk> chunks_;
  size_t used_chunks_ = 0;  // chunks_[used_chunks_ - 1] is the one that next_ points into
  char* next_ = nullptr;
  char* end_ = nullptr;
};

}  // namespace onrush
