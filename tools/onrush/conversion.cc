#include "tools/onrush/conversion.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "core/status_macros.h"
#include "fmt/format.h"
#include "ingest/open.h"
#include "tools/onrush/found_stream.h"

namespace onrush {
namespace {

constexpr size_t kBatchRows = 1024;

Plan PlanOf(StreamPlan stream) {
  Plan plan;
  plan.streams.push_back(std::move(stream));
  return plan;
}

std::unique_ptr<RowSink> MakeRowSink(const ConvertOptions& options, BlockSchema schema,
                                     LineSink& file) {
  switch (*FormatOfName(options.output)) {
    case Format::kCsv:
      return MakeCsvSink(schema, file);
    case Format::kJsonLines:
      return MakeJsonLinesSink(schema, file);
    default:
      return MakeOrbSink(std::move(schema), static_cast<int>(options.zstd_level), file);
  }
}

}  // namespace

BlockSchema SchemaOf(const StreamPlan& stream) {
  BlockSchema schema;
  for (const FieldPlan& field : stream.fields) schema.columns.push_back({field.name, field.type});
  if (stream.time_column < stream.fields.size()) schema.time_column = stream.time_column;
  return schema;
}

absl::StatusOr<std::unique_ptr<Conversion>> Conversion::Create(const ConvertOptions& options,
                                                               Format format, StreamPlan stream,
                                                               LineSink& output, LineSink* bad) {
  BlockSchema schema = SchemaOf(stream);
  ONRUSH_RETURN_IF_ERROR(schema.Validate());
  // Where nobody declared a time, no event is bad for want of one.
  if (!options.stream) stream.time_column = SIZE_MAX;
  ONRUSH_ASSIGN_OR_RETURN(std::unique_ptr<Decoder> decoder, MakeDecoder(stream, format));
  const bool no_other_members = !options.stream && format == Format::kJsonLines;
  return std::unique_ptr<Conversion>(
      new Conversion(std::move(stream), no_other_members, std::move(decoder),
                     MakeRowSink(options, std::move(schema), output), bad));
}

Conversion::Conversion(StreamPlan stream, bool no_other_members, std::unique_ptr<Decoder> decoder,
                       std::unique_ptr<RowSink> rows_sink, LineSink* bad)
    : plan_(PlanOf(std::move(stream))),
      no_other_members_(no_other_members),
      decoder_(std::move(decoder)),
      rows_sink_(std::move(rows_sink)),
      bad_(bad),
      side_output_(plan_),
      batch_(EventBatch(plan_.streams[0], 0, kBatchRows)) {}

absl::Status Conversion::Convert(const TextBlock& block) {
  EventBatch& events = batch_.events;
  ONRUSH_RETURN_IF_ERROR(decoder_->Start(block));
  for (bool more = true; more;) {
    events.Clear();
    events.file = block.file;
    more = decoder_->Decode(events);
    events.first_seq = rows_;
    if (no_other_members_) MarkOtherMembers();
    for (size_t row = 0; row < events.size; ++row) {
      if (events.bad[row] == 0) ONRUSH_RETURN_IF_ERROR(rows_sink_->Add(events, row));
    }
    rows_ += events.size;
    ONRUSH_RETURN_IF_ERROR(WriteBad());
  }
  return absl::OkStatus();
}

// What has no column would be lost without a word.
void Conversion::MarkOtherMembers() {
  EventBatch& events = batch_.events;
  for (size_t row = 0; row < events.size; ++row) {
    const std::optional<std::string> other = FindOtherMember(plan_.streams[0], events.raw[row]);
    if (other) events.MarkBad(row, fmt::format("{}: not among the first events' members", *other));
  }
}

absl::Status Conversion::WriteBad() {
  EventBatch& events = batch_.events;
  bad_rows_ += events.bad_rows.size();
  if (bad_ == nullptr || events.bad_rows.empty()) return absl::OkStatus();
  events.SortBadRows();
  std::string lines;
  side_output_.AppendBad(batch_, lines);
  return bad_->Write(lines);
}

}  // namespace onrush
