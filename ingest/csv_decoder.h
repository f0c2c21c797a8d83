// CSV into rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "core/event_batch.h"
#include "core/plan.h"
#include "core/runtime/source.h"
#include "ingest/csv_header.h"
#include "ingest/csv_index.h"
#include "ingest/row_values.h"

namespace onrush {

// Description
//   RFC 4180, with LF or CRLF, any single-byte delimiter, and lines of no bytes ignored. White
//   space belongs to its field; an empty field, quoted or not, is a null. A record is bad if it has
//   another number of columns than the header (without a header: than there are declared fields),
//   text after a closing quote, in whatever column, or a quote that is never closed. After a bad
//   record the next one is where a reader of the same rules finds it: text after a closing quote is
//   read on to the end of its field as unquoted text, a quote that is never closed takes the rest
//   of the input with it.
// Implementation
//   Three passes over some 16 KiB that stay in the first cache: CsvIndex finds all delimiters and
//   newlines outside quotes; records become rows, which touches one position per record; each
//   declared field is picked from the positions, column by column, and parsed. What is not declared
//   is never looked at, unless there are quotes.
// Threads
//   One at a time.
class CsvDecoder : public Decoder {
 public:
  CsvDecoder(const StreamPlan& stream, TimeParser time_parser,
             const ScanKernels& kernels = BestScanKernels());

  absl::Status Start(const TextBlock& block) override;
  bool Decode(EventBatch& batch) override;
  void ContinueInputOf(const Decoder& other) override;

 private:
  static constexpr uint32_t kNoFields = UINT32_MAX;

  absl::Status TakeHeader(size_t& begin);
  class Column;

  void DecodeKnownRecords(EventBatch& batch);
  void AddRegularRows(EventBatch& batch);
  void AddRow(const CsvRecord& record, EventBatch& batch);
  void Unquote(size_t first, size_t last, EventBatch& batch);
  Column ColumnTexts(size_t column, const EventBatch& batch) const;

  const std::vector<FieldPlan> fields_;
  const char delimiter_;
  const bool has_header_;
  RowValues values_;

  // Of the input.
  bool header_expected_ = false;  // it was not in the blocks so far
  CsvColumns columns_;
  std::vector<size_t> field_of_column_;  // or kNoField

  // Of the block.
  std::string_view file_;
  std::string_view text_;
  uint64_t line_ = 1;  // of the next record
  CsvIndex index_;

  std::vector<uint32_t> first_fields_;  // of each row; kNoFields if it has the wrong number
  FieldTexts texts_;                    // used only where there are quotes
};

}  // namespace onrush
