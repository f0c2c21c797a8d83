#include "ingest/log_decoder.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "ingest/log_line.h"

namespace onrush {

absl::StatusOr<std::unique_ptr<LogDecoder>> LogDecoder::Create(const StreamPlan& stream,
                                                               bool combined,
                                                               TimeParser time_parser) {
  const size_t known = combined ? kLogFields.size() : kCommonLogFields;
  std::vector<size_t> log_fields;
  for (const FieldPlan& field : stream.fields) {
    const auto found = std::find(kLogFields.begin(), kLogFields.begin() + known, field.name);
    const auto index = static_cast<size_t>(found - kLogFields.begin());
    if (index == known) {
      return absl::InvalidArgumentError(
          fmt::format("stream.{}.fields: found '{}', which a {} log does not have; right would be "
                      "{}",
                      stream.name, field.name, combined ? "combined" : "common",
                      fmt::join(kLogFields.begin(), kLogFields.begin() + known, ", ")));
    }
    log_fields.push_back(index);
  }
  return std::unique_ptr<LogDecoder>(
      new LogDecoder(stream, combined, std::move(log_fields), std::move(time_parser)));
}

LogDecoder::LogDecoder(const StreamPlan& stream, bool combined, std::vector<size_t> log_fields,
                       TimeParser time_parser)
    : combined_(combined),
      log_fields_(std::move(log_fields)),
      values_(stream, std::move(time_parser)),
      texts_(stream.fields.size()) {}

absl::Status LogDecoder::Start(const TextBlock& block) {
  file_ = block.file;
  lines_.Begin(block);
  return absl::OkStatus();
}

bool LogDecoder::Decode(EventBatch& batch) {
  batch.file = file_;
  texts_.Prepare(batch.capacity());
  const size_t first = batch.size;
  std::string_view line;
  while (!batch.full() && lines_.Next(line)) {
    AddRow(line, texts_.row(batch.size - first), batch);
  }
  values_.Parse(batch, first, batch.size, texts_.ByField(first));
  return !lines_.at_end();
}

void LogDecoder::AddRow(std::string_view line, std::string_view* texts, EventBatch& batch) {
  const size_t row = batch.size++;
  batch.raw[row] = line;
  batch.lines.SetFrom(row, lines_.number());
  LogLine fields;
  const char* const problem = SplitLogLine(line, combined_, fields);
  if (problem != nullptr) {
    batch.MarkBad(row, problem);
    fields.fill({});
  }
  for (size_t i = 0; i < log_fields_.size(); ++i) texts[i] = fields[log_fields_[i]];
}

}  // namespace onrush
