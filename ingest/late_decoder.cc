#include "ingest/late_decoder.h"

#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "core/check.h"

namespace onrush {
namespace {

bool BeginsWithBrace(std::string_view record) {
  const size_t first = record.find_first_not_of(" \t\r");
  return first != record.npos && record[first] == '{';
}

}  // namespace

LateDecoder::LateDecoder(std::vector<RecordFormat> formats, char delimiter)
    : formats_(std::move(formats)), delimiter_(delimiter) {
  ONRUSH_CHECK(formats_.size() == 1 || formats_.size() == 2);
}

absl::Status LateDecoder::Start(const TextBlock& block) {
  file_ = block.file;
  lines_.Begin(block);
  return absl::OkStatus();
}

bool LateDecoder::Decode(EventBatch& batch) {
  batch.file = file_;
  std::string_view line;
  while (!batch.full() && lines_.Next(line)) {
    DecodeLine(line, batch);
  }
  batch.file = file_;
  return !lines_.at_end();
}

void LateDecoder::DecodeLine(std::string_view line, EventBatch& batch) {
  const size_t row = batch.size;
  std::string_view record;
  const char* problem = ReadRecord(line, batch.arena, record);
  if (problem == nullptr) problem = DecodeRecord(record, batch);
  if (problem != nullptr) {
    batch.raw[row] = line;
    batch.MarkBad(row, problem);
    batch.size = row + 1;
  }
  batch.lines.SetFrom(row, lines_.number());
}

const char* LateDecoder::ReadRecord(std::string_view line, TextArena& arena,
                                    std::string_view& record) {
  simdjson::dom::object object;
  constexpr bool kCopyIfUnpadded = false;  // blocks are padded
  if (parser_.parse(line.data(), line.size(), kCopyIfUnpadded).get(object)) {
    return "no JSON object";
  }
  std::string_view text;
  if (!object.at_key("raw").get(text)) {
    record = {arena.CopyPadded(text, TextBlock::kPadding), text.size()};
    return nullptr;
  }
  if (object.at_key("raw_base64").get(text)) return "no text 'raw' or 'raw_base64'";
  std::string bytes;
  if (!absl::Base64Unescape({text.data(), text.size()}, &bytes)) return "raw_base64 is no base64";
  record = {arena.CopyPadded(bytes, TextBlock::kPadding), bytes.size()};
  return nullptr;
}

const char* LateDecoder::DecodeRecord(std::string_view record, EventBatch& batch) {
  const RecordFormat& format =
      formats_.size() == 2 && BeginsWithBrace(record) ? formats_[1] : formats_[0];
  RecordCutter cutter(format.format, delimiter_);
  cutter.StartInput();
  if (!record.empty() && cutter.LastRecordEnd(record) != 0) return "raw: more than one record";
  TextBlock block;
  block.text = record;
  block.file = file_;
  block.first_of_input = block.last_of_input = true;
  const absl::Status started = format.decoder->Start(block);
  ONRUSH_CHECK(started.ok());  // only headers can be wrong, and there is none
  const size_t row = batch.size;
  format.decoder->Decode(batch);
  return batch.size == row ? "raw: no record" : nullptr;
}

}  // namespace onrush
