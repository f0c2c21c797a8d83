#include "ingest/json_lines_decoder.h"

#include <cstring>
#include <string>
#include <utility>

#include "core/json_text.h"
#include "ingest/byte_order_mark.h"

namespace onrush {
namespace {

// A copy of the last line of a block with the newline that the parser stops at.
std::string_view CopyWithNewline(std::string_view line, TextArena& arena) {
  char* const copy = arena.Allocate(line.size() + 1 + TextBlock::kPadding);
  std::memcpy(copy, line.data(), line.size());
  copy[line.size()] = '\n';
  return {copy, line.size()};
}

}  // namespace

JsonLinesDecoder::JsonLinesDecoder(const StreamPlan& stream, JsonPaths paths,
                                   TimeParser time_parser)
    : values_(stream, std::move(time_parser)), parser_(std::move(paths)) {}

absl::Status JsonLinesDecoder::Start(const TextBlock& block) {
  file_ = block.file;
  text_ = block.text;
  line_ = block.first_line;
  index_.Begin(text_, block.first_of_input ? ByteOrderMarkSize(text_) : 0);
  return absl::OkStatus();
}

bool JsonLinesDecoder::Decode(EventBatch& batch) {
  batch.file = file_;
  values_.Prepare(batch);
  while (!batch.full()) {
    if (!index_.HasNext() && !index_.Fill()) return false;
    DecodeKnownLines(batch);
  }
  return true;
}

void JsonLinesDecoder::DecodeKnownLines(EventBatch& batch) {
  const size_t first = batch.size;
  std::string_view line;
  while (!batch.full() && index_.Next(line)) AddRow(line, batch);
  values_.Parse(batch, first, batch.size);
}

void JsonLinesDecoder::AddRow(std::string_view line, EventBatch& batch) {
  const uint64_t line_number = line_++;
  const bool whole = line.data() + line.size() < text_.data() + text_.size();
  const std::string_view parsed = whole ? line : CopyWithNewline(line, batch.arena);
  const size_t row = batch.size;
  const JsonLineParser::Outcome outcome =
      parser_.Parse(parsed, values_.texts(), values_.field_count(), row, batch.arena);
  if (outcome == JsonLineParser::Outcome::kBlank) return;
  ++batch.size;
  batch.raw.data()[row] = line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
  batch.line.data()[row] = line_number;
  if (index_.non_ascii() && !IsUtf8(line)) {
    batch.MarkBad(row, "not UTF-8");
  } else if (outcome == JsonLineParser::Outcome::kBad) {
    batch.MarkBad(row, parser_.problem());
  } else {
    return;
  }
  for (size_t i = 0; i < values_.field_count(); ++i) values_.texts()[i][row] = {};
}

}  // namespace onrush
