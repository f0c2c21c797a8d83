// Where converted rows go.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "core/block/block_schema.h"
#include "core/block/file_writer.h"
#include "core/event_batch.h"
#include "core/plan.h"
#include "core/runtime/sink.h"

namespace onrush {

class RowSink {
 public:
  virtual ~RowSink() = default;
  // Takes a row whose columns are those of the schema.
  virtual absl::Status Add(const EventBatch& batch, size_t row) = 0;
  // Makes what was written whole; does not finish the file.
  virtual absl::Status Close() = 0;
  // What of the values could not be written as it was: "3 texts are not UTF-8"; mostly empty.
  virtual std::string Losses() const { return ""; }
};

// Each writes to `file`, which must outlive it. Requires: a valid schema.
std::unique_ptr<RowSink> MakeOrbSink(BlockSchema schema, int zstd_level, LineSink& file);
// With a header; nulls are empty fields, times are RFC 3339, other values as in JSON.
std::unique_ptr<RowSink> MakeCsvSink(const BlockSchema& schema, LineSink& file);
// Objects with all members; nulls are null. Bytes that are not UTF-8 become U+FFFD.
std::unique_ptr<RowSink> MakeJsonLinesSink(const BlockSchema& schema, LineSink& file);

}  // namespace onrush
