#include "ingest/csv_scan.h"

#include <algorithm>

#include "core/check.h"

namespace onrush {
namespace {

// Bit i: the number of bits at and below i is odd.
uint64_t PrefixParity(uint64_t bits) {
  for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

uint64_t LastBit(size_t size) { return uint64_t{1} << (size - 1); }

}  // namespace

void ScanCsvBytes(const char* p, size_t size, char delimiter, CsvMasks& masks, CsvState& state) {
  masks.ends = masks.newlines = 0;
  for (size_t i = 0; i < size; ++i) {
    const char c = p[i];
    if (state == CsvState::kQuoted) {
      if (c == '"') state = CsvState::kMayOpen;
    } else if (c == '"') {
      if (state == CsvState::kMayOpen) state = CsvState::kQuoted;
    } else if (c == delimiter || c == '\n') {
      masks.ends |= uint64_t{1} << i;
      masks.newlines |= uint64_t{c == '\n'} << i;
      state = CsvState::kMayOpen;
    } else {
      state = CsvState::kUnquoted;
    }
  }
}

void CsvScanner::Scan(const char* p, size_t size, CsvState& state) {
  ONRUSH_DCHECK(size > 0 && size <= kWindowBytes);
  chunk_count_ = (size + 63) / 64;
  quotes_ = kernels_.csv_masks(p, chunk_count_, delimiter_, masks_.data());
  quotes_ |= state == CsvState::kQuoted;
  quoted_newlines_ = false;
  CsvMasks& last = masks_[chunk_count_ - 1];
  const size_t last_size = size - 64 * (chunk_count_ - 1);
  const uint64_t valid = ~uint64_t{0} >> (64 - last_size);
  last.ends &= valid;
  last.newlines &= valid;
  last.quotes &= valid;
  if (quotes_) {
    DropQuoted(p, size, state);
  } else {
    const bool ended = (last.ends & LastBit(last_size)) != 0;
    state = ended ? CsvState::kMayOpen : CsvState::kUnquoted;
  }
}

void CsvScanner::DropQuoted(const char* p, size_t size, CsvState& state) {
  uint64_t quoted_newlines = 0;
  for (size_t i = 0; i < chunk_count_; ++i) {
    const uint64_t newlines = masks_[i].newlines;
    DropQuotedOfChunk(p + 64 * i, std::min<size_t>(64, size - 64 * i), masks_[i], state);
    quoted_newlines |= newlines & ~masks_[i].newlines;
  }
  quoted_newlines_ = quoted_newlines != 0;
}

inline void CsvScanner::DropQuotedOfChunk(const char* p, size_t size, CsvMasks& masks,
                                          CsvState& state) {
  const uint64_t quoted =
      PrefixParity(masks.quotes) ^ (state == CsvState::kQuoted ? ~uint64_t{0} : 0);
  const uint64_t ends_or_quotes = masks.ends | masks.quotes;
  const uint64_t may_open = ends_or_quotes << 1 | uint64_t{state == CsvState::kMayOpen};
  if ((masks.quotes & quoted & ~may_open) != 0) {
    ScanCsvBytes(p, size, delimiter_, masks, state);
    return;
  }
  const uint64_t last = LastBit(size);
  state = (quoted & last) != 0           ? CsvState::kQuoted
          : (ends_or_quotes & last) != 0 ? CsvState::kMayOpen
                                         : CsvState::kUnquoted;
  masks.ends &= ~quoted;
  masks.newlines &= ~quoted;
}

}  // namespace onrush
