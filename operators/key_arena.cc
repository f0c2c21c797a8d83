#include "operators/key_arena.h"

#include <algorithm>

namespace onrush {

char* KeyArena::Allocate(size_t size) {
  const int size_class = SizeClass(size);
  if (FreeBlock* block = free_[size_class]) {
    free_[size_class] = block->next;
    return reinterpret_cast<char*>(block);
  }
  const size_t block_size = kMinBlock << size_class;
  if (block_size > left_) {
    // The rest of the old chunk is lost; a chunk's worth of small keys makes that negligible.
    left_ = std::max(kChunk, block_size);
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(left_));
    next_ = chunks_.back().get();
    memory_bytes_ += left_;
  }
  char* const block = next_;
  next_ += block_size;
  left_ -= block_size;
  return block;
}

void KeyArena::Free(char* block, size_t size) {
  const int size_class = SizeClass(size);
  auto* const free_block = reinterpret_cast<FreeBlock*>(block);
  free_block->next = free_[size_class];
  free_[size_class] = free_block;
}

}  // namespace onrush
