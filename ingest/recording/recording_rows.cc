#include "ingest/recording/recording_rows.h"

namespace onrush {

const BlockSchema& RecordingSchema() {
  static const BlockSchema* const schema =
      new BlockSchema{.columns = {{"arrived", {TypeKind::kTimestamp}},
                                  {"kind", {TypeKind::kInt}},
                                  {"stream", {TypeKind::kString}},
                                  {"format", {TypeKind::kString}},
                                  {"sender", {TypeKind::kString}},
                                  {"line", {TypeKind::kInt}},
                                  {"safe_rows", {TypeKind::kInt}},
                                  {"raw", {TypeKind::kString}}},
                      .time_column = recorded::kArrived};
  return *schema;
}

RecordedBlock::RecordedBlock(const StreamPlan& stream, Format format, int zstd_level)
    : stream_(stream.name), writer_(RecordingSchema(), zstd_level) {
  for (const BlockColumn& column : RecordingSchema().columns) {
    row_.push_back(Column::Make(column.type, 1));
  }
  row_[recorded::kStream].strings[0] = stream_;
  row_[recorded::kFormat].strings[0] = FormatName(format);
}

void RecordedBlock::Add(const RecordedRow& row) {
  row_[recorded::kArrived].ints[0] = row.arrived_ns;
  row_[recorded::kKind].ints[0] = static_cast<int64_t>(row.kind);
  row_[recorded::kSender].strings[0] = row.sender;
  row_[recorded::kLine].ints[0] = static_cast<int64_t>(row.line);
  row_[recorded::kSafeRows].ints[0] = static_cast<int64_t>(row.safe_rows.value_or(0));
  row_[recorded::kSafeRows].nulls[0] = !row.safe_rows;
  row_[recorded::kRaw].strings[0] = row.raw;
  writer_.Add(row_, 0);
}

}  // namespace onrush
