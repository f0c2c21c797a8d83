// Common and Combined Log Format into rows.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/event_batch.h"
#include "core/plan.h"
#include "core/runtime/source.h"
#include "ingest/row_values.h"
#include "ingest/text_lines.h"

namespace onrush {

// Description
//   One event a line, by the rules of SplitLogLine(). Lines of white space are ignored; bytes need
//   not be UTF-8.
// Threads
//   One at a time.
class LogDecoder : public Decoder {
 public:
  // Fails with kInvalidArgument if the stream declares a field that such a log does not have.
  static absl::StatusOr<std::unique_ptr<LogDecoder>> Create(const StreamPlan& stream, bool combined,
                                                            TimeParser time_parser);

  absl::Status Start(const TextBlock& block) override;
  bool Decode(EventBatch& batch) override;
  void ContinueInputOf(const Decoder&) override {}  // there are no headers

 private:
  LogDecoder(const StreamPlan& stream, bool combined, std::vector<size_t> log_fields,
             TimeParser time_parser);
  void AddRow(std::string_view line, std::string_view* texts, EventBatch& batch);

  const bool combined_;
  const std::vector<size_t> log_fields_;  // by declared field: where it is in a LogLine
  RowValues values_;
  FieldTexts texts_;

  // Of the block.
  std::string_view file_;
  TextLines lines_;
};

}  // namespace onrush
