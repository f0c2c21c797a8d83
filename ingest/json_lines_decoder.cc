#include "ingest/json_lines_decoder.h"

#include <algorithm>
#include <utility>

#include "core/json_text.h"
#include "ingest/byte_order_mark.h"

namespace onrush {
JsonLinesDecoder::JsonLinesDecoder(const StreamPlan& stream, JsonPaths paths,
                                   TimeParser time_parser, const ScanKernels& kernels)
    : field_count_(stream.fields.size()),
      values_(stream, std::move(time_parser)),
      texts_(stream.fields.size()),
      parser_(std::move(paths)),
      index_(kernels) {}

absl::Status JsonLinesDecoder::Start(const TextBlock& block) {
  file_ = block.file;
  text_ = block.text;
  line_ = block.first_line;
  index_.Begin(text_, block.first_of_input ? ByteOrderMarkSize(text_) : 0);
  return absl::OkStatus();
}

bool JsonLinesDecoder::Decode(EventBatch& batch) {
  batch.file = file_;
  texts_.Prepare(batch.capacity());
  while (!batch.full()) {
    if (!index_.HasNext() && !index_.Fill()) return false;
    DecodeKnownLines(batch);
  }
  return true;
}

void JsonLinesDecoder::DecodeKnownLines(EventBatch& batch) {
  const size_t first = batch.size;
  while (!batch.full() && index_.HasNext()) {
    if (!AddRowsAlike(first, batch)) AddRow(first, batch);
  }
  values_.Parse(batch, first, batch.size, texts_.ByField(first));
}

// Adds the rows of lines that look like the one before; false if there are none. `first` is the row
// that texts_ begins with.
bool JsonLinesDecoder::AddRowsAlike(size_t first, EventBatch& batch) {
  const size_t begin = batch.size;
  std::string_view* const lines = batch.raw.data();
  batch.size += parser_.ParseAlike(index_, batch.capacity() - begin, lines + begin,
                                   texts_.row(begin - first));
  batch.lines.SetFrom(begin, line_);
  line_ += batch.size - begin;
  for (size_t row = begin; row < batch.size; ++row) {
    if (index_.non_ascii()) {
      CheckRow(lines[row], JsonLineParser::Outcome::kRow, texts_.row(row - first), row, batch);
    }
    lines[row].remove_suffix(lines[row].ends_with('\r'));
  }
  return batch.size > begin;
}

void JsonLinesDecoder::AddRow(size_t first, EventBatch& batch) {
  const size_t row = batch.size;
  std::string_view* const texts = texts_.row(row - first);
  const uint64_t line_number = line_++;
  std::string_view line;
  const auto outcome = parser_.ParseNext(index_, line, texts, batch.arena);
  if (outcome == JsonLineParser::Outcome::kBlank) return;
  ++batch.size;
  batch.raw[row] = line.substr(0, line.size() - line.ends_with('\r'));
  batch.lines.SetFrom(row, line_number);
  CheckRow(line, outcome, texts, row, batch);
}

void JsonLinesDecoder::CheckRow(std::string_view line, JsonLineParser::Outcome outcome,
                                std::string_view* texts, size_t row, EventBatch& batch) {
  if (index_.non_ascii() && !IsUtf8(line)) {
    batch.MarkBad(row, "not UTF-8");
  } else if (outcome == JsonLineParser::Outcome::kBad) {
    batch.MarkBad(row, parser_.problem());
  } else {
    return;
  }
  std::fill_n(texts, field_count_, std::string_view());
}

}  // namespace onrush
