#include "ingest/csv_index.h"

#include <algorithm>

#include "core/check.h"

namespace onrush {

void CsvIndex::Begin(std::string_view text, size_t begin, char delimiter, size_t columns) {
  ONRUSH_CHECK(text.size() < UINT32_MAX);
  text_ = text;
  delimiter_ = delimiter;
  columns_ = columns;
  state_ = CsvState::kMayOpen;
  scanned_ = begin;
  quotes_ = false;
  // What was kept of an unfinished record, a window, and what WritePositions() may overwrite.
  field_ends_.resize(std::max(field_ends_.size(), 1 + columns + kWindowBytes + 8));
  record_ends_.resize(kWindowBytes + 8);
  field_ends_[0] = static_cast<uint32_t>(begin) - 1;  // wraps at 0; so does the sum that uses it
  field_count_ = 1;
  next_field_ = 1;
  record_begin_ = static_cast<uint32_t>(begin);
  record_count_ = next_record_ = 0;
  uncounted_fields_ = 0;
}

bool CsvIndex::Fill() {
  KeepUnfinishedRecord();
  while (record_count_ == 0 && scanned_ < text_.size()) ScanWindow();
  if (record_count_ == 0 && record_begin_ < text_.size()) EndLastRecord();
  return record_count_ > 0;
}

void CsvIndex::KeepUnfinishedRecord() {
  const uint32_t begin = next_field_ - 1;
  std::copy(field_ends_.begin() + begin, field_ends_.begin() + field_count_, field_ends_.begin());
  field_count_ -= begin;
  next_field_ = 1;
  if (scanned_ == record_begin_) quotes_ = false;
  record_count_ = next_record_ = 0;
}

inline void CsvIndex::ScanChunk(size_t size) {
  const CsvChunk chunk = ScanCsvChunk(text_.data() + scanned_, size, delimiter_, state_);
  const uint32_t base = static_cast<uint32_t>(scanned_);
  field_count_ += WritePositions(chunk.field_ends, base, field_ends_.data() + field_count_);
  record_count_ += WritePositions(chunk.record_ends, base, record_ends_.data() + record_count_);
  quotes_ |= chunk.quotes;
}

void CsvIndex::ScanWindow() {
  if (field_count_ > 1 + columns_) {  // a record of more than a window, and already too wide
    uncounted_fields_ += field_count_ - (1 + columns_);
    field_count_ = static_cast<uint32_t>(1 + columns_);
  }
  const size_t end = std::min(text_.size(), scanned_ + kWindowBytes);
  for (; scanned_ + 64 <= end; scanned_ += 64) ScanChunk(64);
  if (scanned_ < end) ScanChunk(end - scanned_);
  scanned_ = end;
}

void CsvIndex::EndLastRecord() {
  field_ends_[field_count_++] = static_cast<uint32_t>(text_.size());
  record_ends_[record_count_++] = static_cast<uint32_t>(text_.size());
}

void CsvIndex::CountFields(uint32_t newline, CsvRecord& record) {
  const uint32_t first = next_field_;
  while (field_ends_[next_field_++] != newline) {
  }
  record.field_count = next_field_ - first + uncounted_fields_;
  uncounted_fields_ = 0;
}

}  // namespace onrush
