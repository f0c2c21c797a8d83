// One run of `onrush convert`, once the columns are known.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/block/block_schema.h"
#include "core/plan.h"
#include "core/runtime/prepared_batch.h"
#include "core/runtime/side_output.h"
#include "core/runtime/sink.h"
#include "core/runtime/source.h"
#include "tools/onrush/convert_run.h"
#include "tools/onrush/row_sink.h"

namespace onrush {

// The columns that a stream's events become: its declared fields.
BlockSchema SchemaOf(const StreamPlan& stream);

// Description
//   Decodes blocks and hands good rows to the output, bad ones to `bad`. Where the stream was found
//   in the first block (ConvertOptions::stream is not set), JSON lines with other members are bad.
// Threads
//   One at a time.
class Conversion {
 public:
  // `bad` may be null; both sinks must outlive it. Fails with kInvalidArgument if the stream's
  // fields cannot be columns, or its settings cannot work.
  static absl::StatusOr<std::unique_ptr<Conversion>> Create(const ConvertOptions& options,
                                                            Format format, StreamPlan stream,
                                                            LineSink& output, LineSink* bad);

  absl::Status Convert(const TextBlock& block);
  // Writes what is left. Does not finish the sinks.
  absl::Status Close() { return rows_sink_->Close(); }

  std::string Losses() const { return rows_sink_->Losses(); }
  uint64_t rows() const { return rows_; }  // good and bad
  uint64_t bad_rows() const { return bad_rows_; }

 private:
  Conversion(StreamPlan stream, bool no_other_members, std::unique_ptr<Decoder> decoder,
             std::unique_ptr<RowSink> rows_sink, LineSink* bad);
  void MarkOtherMembers();
  absl::Status WriteBad();

  const Plan plan_;
  const bool no_other_members_;
  const std::unique_ptr<Decoder> decoder_;
  const std::unique_ptr<RowSink> rows_sink_;
  LineSink* const bad_;
  const SideOutput side_output_;
  PreparedBatch batch_;
  uint64_t rows_ = 0;
  uint64_t bad_rows_ = 0;
};

}  // namespace onrush
