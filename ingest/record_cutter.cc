#include "ingest/record_cutter.h"

#include <algorithm>
#include <bit>

#include "ingest/byte_order_mark.h"

namespace onrush {

void RecordCutter::StartInput() {
  at_start_of_input_ = true;
  state_ = CsvState::kMayOpen;
  scanned_ = last_end_ = 0;
}

size_t RecordCutter::LastRecordEnd(std::string_view text) {
  if (at_start_of_input_ && format_ == Format::kCsv) {
    // A quote after the byte order mark is at the start of its field.
    if (text.size() < kByteOrderMark.size() && kByteOrderMark.starts_with(text)) return 0;
    scanned_ = ByteOrderMarkSize(text);
  }
  at_start_of_input_ = false;
  if (scanned_ == text.size()) return last_end_;
  const std::string_view fresh = text.substr(scanned_);
  if (format_ == Format::kCsv && (state_ == CsvState::kQuoted || fresh.find('"') != fresh.npos)) {
    ScanQuoted(text);
  } else {
    const size_t newline = fresh.rfind('\n');
    if (newline != fresh.npos) last_end_ = scanned_ + newline + 1;
    const bool field_ended = fresh.back() == '\n' || fresh.back() == delimiter_;
    state_ = field_ended ? CsvState::kMayOpen : CsvState::kUnquoted;
  }
  scanned_ = text.size();
  return last_end_;
}

void RecordCutter::DropRecords() {
  scanned_ -= last_end_;
  last_end_ = 0;
}

void RecordCutter::ScanQuoted(std::string_view text) {
  while (scanned_ < text.size()) {
    const size_t size = std::min(CsvScanner::kWindowBytes, text.size() - scanned_);
    scanner_.Scan(text.data() + scanned_, size, state_);
    for (size_t i = scanner_.chunk_count(); i > 0; --i) {
      const uint64_t newlines = scanner_.masks()[i - 1].newlines;
      if (newlines == 0) continue;
      last_end_ = scanned_ + 64 * i - static_cast<size_t>(std::countl_zero(newlines));
      break;
    }
    scanned_ += size;
  }
}

}  // namespace onrush
