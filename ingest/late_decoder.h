// The late and bad output of an earlier run, as an input.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "core/event_batch.h"
#include "core/plan.h"
#include "core/runtime/source.h"
#include "ingest/record_cutter.h"
#include "ingest/text_lines.h"
#include "simdjson.h"

namespace onrush {

// Description
//   Each line is an object whose `raw` (or `raw_base64`) is a record of the stream: CSV without a
//   header, JSON Lines or a log format. That record is decoded, and is what `raw` is here too. A
//   line without exactly one record is bad. File and line are those of the output that is read.
// Threads
//   One at a time.
class LateDecoder : public Decoder {
 public:
  struct RecordFormat {
    Format format;
    std::unique_ptr<Decoder> decoder;
  };
  // One format, or two: then the second is for records that begin with a brace.
  LateDecoder(std::vector<RecordFormat> formats, char delimiter);

  absl::Status Start(const TextBlock& block) override;
  bool Decode(EventBatch& batch) override;
  void ContinueInputOf(const Decoder&) override {}  // there are no headers

 private:
  void DecodeLine(std::string_view line, EventBatch& batch);
  // The record in a line, in memory from `arena`. Returns what is wrong, or null.
  const char* ReadRecord(std::string_view line, TextArena& arena, std::string_view& record);
  // Appends its row. Returns what is wrong, or null.
  const char* DecodeRecord(std::string_view record, EventBatch& batch);

  std::vector<RecordFormat> formats_;
  const char delimiter_;
  simdjson::dom::parser parser_;

  // Of the block.
  std::string_view file_;
  TextLines lines_;
};

}  // namespace onrush
