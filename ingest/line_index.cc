#include "ingest/line_index.h"

#include <algorithm>

#include "core/check.h"
#include "ingest/byte_masks.h"

namespace onrush {

void LineIndex::Begin(std::string_view text, size_t begin) {
  ONRUSH_CHECK(text.size() < UINT32_MAX);
  text_ = text;
  scanned_ = begin;
  begin_ = static_cast<uint32_t>(begin);
  count_ = next_ = 0;
  non_ascii_ = false;
  ends_.resize(kWindowBytes + 8);  // and what WritePositions() may overwrite
}

bool LineIndex::Fill() {
  if (scanned_ == begin_) non_ascii_ = false;  // else the line begun may have such bytes
  count_ = next_ = 0;
  while (count_ == 0 && scanned_ < text_.size()) ScanWindow();
  if (count_ == 0 && begin_ < text_.size()) ends_[count_++] = static_cast<uint32_t>(text_.size());
  return count_ > 0;
}

inline void LineIndex::ScanChunk(size_t size) {
  const Bytes64 bytes(text_.data() + scanned_);
  const uint64_t valid = ~uint64_t{0} >> (64 - size);
  const uint32_t base = static_cast<uint32_t>(scanned_);
  count_ += WritePositions(bytes.Equal('\n') & valid, base, ends_.data() + count_);
  non_ascii_ |= (bytes.NonAscii() & valid) != 0;
}

void LineIndex::ScanWindow() {
  const size_t end = std::min(text_.size(), scanned_ + kWindowBytes);
  for (; scanned_ + 64 <= end; scanned_ += 64) ScanChunk(64);
  if (scanned_ < end) ScanChunk(end - scanned_);
  scanned_ = end;
}

}  // namespace onrush
