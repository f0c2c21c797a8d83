#include "core/text_arena.h"

#include <algorithm>

namespace onrush {

void TextArena::Clear() {
  used_chunks_ = 0;
  next_ = end_ = nullptr;
}

void TextArena::NextChunk(size_t at_least) {
  // Chunks that are too small for this request stay for later rounds.
  while (used_chunks_ < chunks_.size() && chunks_[used_chunks_].size < at_least) ++used_chunks_;
  if (used_chunks_ == chunks_.size()) {
    const size_t size = std::max(at_least, kChunkSize);
    chunks_.push_back({std::make_unique<char[]>(size), size});
  }
  Chunk& chunk = chunks_[used_chunks_++];
  next_ = chunk.data.get();
  end_ = next_ + chunk.size;
}

}  // namespace onrush
