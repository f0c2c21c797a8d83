// The positions of a CSV text's fields and records, a window at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ingest/csv_scan.h"

namespace onrush {

// One record of the text.
struct CsvRecord {
  uint32_t begin = 0;
  uint32_t end = 0;          // without the line ending
  uint32_t first_field = 0;  // see CsvIndex::field_ends()
  uint64_t field_count = 0;
  bool unclosed_quote = false;  // only the last record of a text
};

// Description
//   Fill() scans the text until a window's worth of it and at least one whole record are known;
//   Next() and TakeRegular() hand out these records, blank ones too. Field i of a record is
//   [field_ends()[first_field + i - 1] + 1, field_ends()[first_field + i]); the last field's end is
//   the record's (without the CR before a newline). Positions count from the start of the text.
//   Memory: as many entries as a window has bytes, since of an unfinished record no more than
//   `columns` fields are kept; a longer one is only counted.
// Threads
//   One per decoder.
class CsvIndex {
 public:
  CsvIndex(char delimiter, const ScanKernels& kernels) : scanner_(delimiter, kernels) {}

  // Begins with the record at `begin`. `columns` is how many fields a record should have. Requires:
  // fewer than 2^32 bytes of text, and 64 more readable after it.
  void Begin(std::string_view text, size_t begin, size_t columns);

  // Forgets the records known. False if there are no more. About 0.1 ns a byte.
  bool Fill();

  bool HasNext() const { return next_record_ < record_count_; }

  // The next of the known records. Requires: HasNext().
  CsvRecord Next();

  // Takes up to `limit` of the known records, up to the first that is blank, has another number of
  // columns than it should, or is the last of a text and lacks its newline. Writes each one's text,
  // without its line ending, and its first field. Returns how many.
  size_t TakeRegular(size_t limit, std::string_view* records, uint32_t* first_fields);

  const uint32_t* field_ends() const { return field_ends_.data(); }
  // True if a known record may hold quotes.
  bool quotes() const { return quotes_; }
  // True if a known record may hold newlines.
  bool quoted_newlines() const { return quoted_newlines_; }

 private:
  void KeepUnfinishedRecord();
  void ScanWindow();
  void EndLastRecord();
  uint64_t CountFields(uint32_t newline);

  std::string_view text_;
  CsvScanner scanner_;
  size_t columns_ = 1;
  CsvState state_ = CsvState::kMayOpen;  // at scanned_
  size_t scanned_ = 0;
  bool quotes_ = false;
  bool quoted_newlines_ = false;

  std::vector<uint32_t> field_ends_;  // before next_field_: the end of what came before
  uint32_t field_count_ = 0;
  std::vector<uint32_t> record_ends_;
  uint32_t record_count_ = 0;
  uint64_t uncounted_fields_ = 0;  // of the first record, beyond the columns

  uint32_t next_record_ = 0;
  uint32_t next_field_ = 0;
  uint32_t record_begin_ = 0;
};

}  // namespace onrush
