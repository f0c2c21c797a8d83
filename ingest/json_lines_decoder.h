// JSON Lines into rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/status/status.h"
#include "core/event_batch.h"
#include "core/plan.h"
#include "core/runtime/source.h"
#include "ingest/json_line_index.h"
#include "ingest/json_line_parser.h"
#include "ingest/row_values.h"

namespace onrush {

// Description
//   One object a line, by the rules of JsonLineParser; what it makes of numbers, true and false
//   becomes text for strings, and quoted texts are read like others for every type. A line that is
//   not UTF-8 is bad, in whatever member; lines of white space are ignored.
// Threads
//   One at a time.
class JsonLinesDecoder : public Decoder {
 public:
  JsonLinesDecoder(const StreamPlan& stream, JsonPaths paths, TimeParser time_parser,
                   const ScanKernels& kernels = BestScanKernels());

  absl::Status Start(const TextBlock& block) override;
  bool Decode(EventBatch& batch) override;
  void ContinueInputOf(const Decoder&) override {}  // there are no headers

 private:
  void DecodeKnownLines(EventBatch& batch);
  bool AddRowsAlike(size_t first, EventBatch& batch);
  void AddRow(size_t first, EventBatch& batch);
  // Marks the row as bad, and clears its texts, if it is.
  void CheckRow(std::string_view line, JsonLineParser::Outcome outcome, std::string_view* texts,
                size_t row, EventBatch& batch);

  const size_t field_count_;
  RowValues values_;
  FieldTexts texts_;
  JsonLineParser parser_;

  // Of the block.
  std::string_view file_;
  std::string_view text_;
  uint64_t line_ = 1;  // of the next line
  JsonLineIndex index_;
};

}  // namespace onrush
