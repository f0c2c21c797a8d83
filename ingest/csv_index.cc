#include "ingest/csv_index.h"

#include <algorithm>
#include <utility>

#include "core/check.h"

namespace onrush {

void CsvIndex::Begin(std::string_view text, size_t begin, size_t columns) {
  ONRUSH_CHECK(text.size() < UINT32_MAX);
  text_ = text;
  columns_ = columns;
  state_ = CsvState::kMayOpen;
  scanned_ = begin;
  quotes_ = quoted_newlines_ = false;
  // What was kept of an unfinished record, a window, and what may be overwritten after it.
  constexpr size_t kRoom = CsvScanner::kWindowBytes + CsvScanner::kOverwritten;
  field_ends_.resize(std::max(field_ends_.size(), 1 + columns + kRoom));
  record_ends_.resize(kRoom);
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
  if (scanned_ == record_begin_) quotes_ = quoted_newlines_ = false;
  record_count_ = next_record_ = 0;
}

void CsvIndex::ScanWindow() {
  if (field_count_ > 1 + columns_) {  // a record of more than a window, and already too wide
    uncounted_fields_ += field_count_ - (1 + columns_);
    field_count_ = static_cast<uint32_t>(1 + columns_);
  }
  const size_t size = std::min(text_.size() - scanned_, CsvScanner::kWindowBytes);
  const uint32_t base = static_cast<uint32_t>(scanned_);
  scanner_.Scan(text_.data() + scanned_, size, state_);
  field_count_ +=
      static_cast<uint32_t>(scanner_.WriteEnds(base, field_ends_.data() + field_count_));
  record_count_ +=
      static_cast<uint32_t>(scanner_.WriteNewlines(base, record_ends_.data() + record_count_));
  quotes_ |= scanner_.quotes();
  quoted_newlines_ |= scanner_.quoted_newlines();
  scanned_ += size;
}

void CsvIndex::EndLastRecord() {
  field_ends_[field_count_++] = static_cast<uint32_t>(text_.size());
  record_ends_[record_count_++] = static_cast<uint32_t>(text_.size());
}

CsvRecord CsvIndex::Next() {
  const uint32_t newline = record_ends_[next_record_++];
  CsvRecord record;
  record.begin = record_begin_;
  record.end = newline;
  const bool terminated = newline < text_.size();
  if (terminated && newline > record_begin_ && text_[newline - 1] == '\r') --record.end;
  record.first_field = next_field_;
  record.field_count = CountFields(newline);
  record.unclosed_quote = !terminated && state_ == CsvState::kQuoted;
  record_begin_ = newline + 1;
  return record;
}

uint64_t CsvIndex::CountFields(uint32_t newline) {
  const uint32_t first = next_field_;
  while (field_ends_[next_field_++] != newline) {
  }
  return next_field_ - first + std::exchange(uncounted_fields_, 0);
}

size_t CsvIndex::TakeRegular(size_t limit, std::string_view* records, uint32_t* first_fields) {
  const char* const text = text_.data();
  const uint32_t* const field_ends = field_ends_.data();
  const uint32_t* const record_ends = record_ends_.data() + next_record_;
  const uint32_t columns = static_cast<uint32_t>(columns_);
  limit = std::min<size_t>(limit, record_count_ - next_record_);
  uint32_t begin = record_begin_, field = next_field_;
  size_t taken = 0;
  for (; taken < limit; ++taken) {
    const uint32_t newline = record_ends[taken];
    const uint32_t last_field = field + columns - 1;
    if (last_field >= field_count_ || field_ends[last_field] != newline) break;
    if (newline == begin || newline == text_.size()) break;
    const uint32_t end = newline - (text[newline - 1] == '\r');
    if (end == begin) break;
    records[taken] = {text + begin, end - begin};
    first_fields[taken] = field;
    field += columns;
    begin = newline + 1;
  }
  next_record_ += static_cast<uint32_t>(taken);
  next_field_ = field;
  record_begin_ = begin;
  return taken;
}

}  // namespace onrush
