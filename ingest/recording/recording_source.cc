#include "ingest/recording/recording_source.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "core/block/block_format.h"
#include "core/status_macros.h"
#include "fmt/format.h"
#include "ingest/orb_stream.h"

namespace onrush {
namespace {

absl::Status NoRecording(const std::string& directory) {
  return absl::NotFoundError(fmt::format(
      "'{}': found a directory without a recording's segments; right would be files, or "
      "what `onrush record` wrote",
      directory));
}

std::optional<Format> FormatNamed(std::string_view name) {
  const auto found = std::find(kFormatNames.begin(), kFormatNames.end(), name);
  if (found == kFormatNames.end()) return std::nullopt;
  return static_cast<Format>(found - kFormatNames.begin());
}

// A dictionary may give every row the same large text: far more than a recorder puts into a block,
// and than there is memory for.
absl::Status CheckRawBytes(const Column& raw, size_t rows) {
  uint64_t bytes = 0;
  for (size_t row = 0; row < rows; ++row) bytes += raw.strings[row].size();
  if (bytes <= kMaxColumnsBytes) return absl::OkStatus();
  return absl::DataLossError(fmt::format(
      "found rows of {} bytes in a block; right would be {} at most", bytes, kMaxColumnsBytes));
}

std::string Message(const absl::Status& status) { return std::string(status.message()); }

std::string BytesArePassedOver(uint64_t bytes) {
  return fmt::format("{} bytes are passed over", bytes);
}

}  // namespace

bool IsRecording(const std::string& path) {
  std::error_code error;
  return std::filesystem::is_directory(path, error);
}

absl::StatusOr<RecordedStream> ReadRecordedStream(const std::string& directory) {
  ONRUSH_ASSIGN_OR_RETURN(const std::vector<Segment> segments, ListSegments(directory));
  for (const Segment& segment : segments) {
    const auto reader = SegmentReader::Open(SegmentPath(directory, segment.first_row),
                                            segment.first_row, /*last=*/true);
    BlockView view;
    if (!reader.ok() || !(*reader)->Next().value_or(false)) continue;
    if (!view.Open((*reader)->block()).ok() || view.schema() != RecordingSchema()) continue;
    if (view.row_count() == 0) continue;
    Column column = Column::Make({TypeKind::kString}, 1);
    view.columns()[recorded::kFormat].Copy(0, 1, column, 0);
    const std::optional<Format> format = FormatNamed(column.strings[0]);
    view.columns()[recorded::kStream].Copy(0, 1, column, 0);
    if (format) return RecordedStream{std::string(column.strings[0]), *format};
  }
  if (segments.empty()) return NoRecording(directory);
  return absl::DataLossError(fmt::format("{}: no block can be read", directory));
}

absl::StatusOr<std::unique_ptr<RecordingSource>> RecordingSource::Open(
    std::string directory, std::string stream, const RecordingOptions& options) {
  ONRUSH_ASSIGN_OR_RETURN(std::vector<Segment> segments, ListSegments(directory));
  if (segments.empty()) return NoRecording(directory);
  std::unique_ptr<RecordingSource> source(
      new RecordingSource(std::move(directory), std::move(stream), options, std::move(segments)));
  for (const Segment& segment : source->segments_) source->bytes_total_ += segment.bytes;
  const uint64_t first_row = source->segments_.front().first_row;
  if (first_row > 0) {
    source->notes_.push_back(fmt::format("{}: begins at row {}; what was before is not kept",
                                         source->directory_, first_row));
  }
  return source;
}

absl::StatusOr<bool> RecordingSource::Next(TextBlock& block) {
  if (done_) return false;
  const absl::StatusOr<bool> more = NextTextBlock(block);
  done_ = !more.ok() || !*more;
  if (more.ok() && !*more && !input_ended_) {
    notes_.push_back(
        fmt::format("{}: its input did not end; what was pending is not fired", directory_));
  }
  return more;
}

absl::StatusOr<bool> RecordingSource::NextTextBlock(TextBlock& block) {
  while (next_row_of_view_ == view_.row_count()) {
    ONRUSH_ASSIGN_OR_RETURN(const bool more, NextBlock());
    if (!more) return false;
  }
  block.text = {};
  block.number = next_number_++;
  block.file = directory_;
  block.last_of_input = false;
  block.events_outside = 0;
  FillArrivals(block);
  return true;
}

// Up to the row that begins another text: only a block's first arrival may.
void RecordingSource::FillArrivals(TextBlock& block) {
  const size_t begin = next_row_of_view_;
  size_t end = begin + 1;
  size_t bytes = columns_[recorded::kRaw].strings[begin].size();
  for (; end < view_.row_count() && KindAt(end) != RecordedKind::kFirstText; ++end) {
    bytes += columns_[recorded::kRaw].strings[end].size();
  }
  block.first_of_input = KindAt(begin) == RecordedKind::kFirstText;
  joiner_.Begin(block, bytes, format_ == FormatName(Format::kCsv));
  for (size_t row = begin; row < end; ++row) {
    input_ended_ = KindAt(row) == RecordedKind::kEnd;
    if (!input_ended_) joiner_.Add(RowAt(row));
  }
  next_row_of_view_ = end;
}

RecordedRow RecordingSource::RowAt(size_t row) {
  const std::string_view sender = columns_[recorded::kSender].strings[row];
  if (sender != last_sender_) last_sender_ = *senders_.emplace(sender).first;
  return {.kind = KindAt(row),
          .raw = columns_[recorded::kRaw].strings[row],
          .sender = last_sender_,
          .arrived_ns = columns_[recorded::kArrived].ints[row],
          .line = static_cast<uint64_t>(columns_[recorded::kLine].ints[row])};
}

absl::StatusOr<bool> RecordingSource::NextBlock() {
  while (!options_.stop.requested()) {
    if (reader_ == nullptr) {
      if (next_segment_ == segments_.size()) return false;
      ONRUSH_RETURN_IF_ERROR(OpenSegment());
      continue;
    }
    absl::StatusOr<bool> more = reader_->Next();
    if (more.ok() && !*more) {
      CloseSegment();
      continue;
    }
    if (more.ok()) {
      absl::Status opened = OpenBlock();
      if (opened.ok()) return true;
      if (opened.code() != absl::StatusCode::kDataLoss) return opened;
      ONRUSH_RETURN_IF_ERROR(PassOver(opened, BytesArePassedOver(reader_->block().size())));
    } else {
      if (more.status().code() != absl::StatusCode::kDataLoss) return more.status();
      ONRUSH_RETURN_IF_ERROR(SkipDamage(more.status()));
    }
  }
  return absl::CancelledError("");
}

absl::Status RecordingSource::OpenSegment() {
  const Segment& segment = segments_[next_segment_++];
  if (expected_row_ && segment.first_row != *expected_row_) {
    const absl::Status damage =
        absl::DataLossError(fmt::format("{}: found the segment of row {}; right would be row {}",
                                        directory_, segment.first_row, *expected_row_));
    ONRUSH_RETURN_IF_ERROR(PassOver(damage, "it is passed over"));
  }
  expected_row_ = segment.first_row;
  ONRUSH_ASSIGN_OR_RETURN(
      reader_, SegmentReader::Open(SegmentPath(directory_, segment.first_row), segment.first_row,
                                   next_segment_ == segments_.size()));
  return absl::OkStatus();
}

void RecordingSource::CloseSegment() {
  if (const uint64_t bytes = reader_->torn_bytes(); bytes > 0) {
    notes_.push_back(
        fmt::format("{}: its last {} bytes are a torn end: nothing tells that they were safe; they "
                    "are left out",
                    directory_, bytes));
  }
  bytes_read_ += reader_->file_bytes();
  reader_.reset();
}

absl::Status RecordingSource::PassOver(const absl::Status& damage, std::string_view what) {
  if (!options_.skip_damaged) {
    return absl::DataLossError(
        fmt::format("{}; --skip-damaged would pass over it", Message(damage)));
  }
  notes_.push_back(fmt::format("{}; {}", Message(damage), what));
  expected_row_.reset();
  return absl::OkStatus();
}

absl::Status RecordingSource::SkipDamage(const absl::Status& damage) {
  uint64_t bytes = 0;
  if (options_.skip_damaged) {
    ONRUSH_ASSIGN_OR_RETURN(bytes, reader_->SkipDamage());
  }
  return PassOver(damage, BytesArePassedOver(bytes));
}

absl::Status RecordingSource::OpenBlock() {
  next_row_of_view_ = 0;
  view_.Clear();
  const uint64_t offset = reader_->block_offset();
  const std::string& name = reader_->path();
  absl::Status status = view_.Open(reader_->block());
  if (status.ok() && view_.schema() != RecordingSchema()) {
    status = absl::DataLossError("not a block of a recording");
  }
  if (status.ok()) status = CopyColumns();
  if (!status.ok()) {
    view_.Clear();
    return status.code() == absl::StatusCode::kDataLoss ? AtByte(name, offset, status) : status;
  }
  if (expected_row_) *expected_row_ += view_.row_count();
  return absl::OkStatus();
}

absl::Status RecordingSource::CopyColumns() {
  const size_t rows = view_.row_count();
  const bool make = columns_.empty() || columns_[0].nulls.size() < rows;
  if (make) columns_.clear();
  for (size_t i = 0; i < view_.columns().size(); ++i) {
    if (make) columns_.push_back(Column::Make(RecordingSchema().columns[i].type, rows));
    view_.columns()[i].Copy(0, rows, columns_[i], 0);
  }
  return CheckRows(rows);
}

absl::Status RecordingSource::CheckRows(size_t rows) {
  ONRUSH_RETURN_IF_ERROR(CheckRawBytes(columns_[recorded::kRaw], rows));
  for (size_t row = 0; row < rows; ++row) {
    const int64_t kind = columns_[recorded::kKind].ints[row];
    if (kind < 0 || kind > static_cast<int64_t>(kHighestRecordedKind)) {
      return absl::DataLossError(fmt::format("a row of the unknown kind {}", kind));
    }
    const std::string_view stream = columns_[recorded::kStream].strings[row];
    if (stream != stream_) {
      return absl::InvalidArgumentError(
          fmt::format("{}: found the stream '{}'; right would be '{}', as in the pipeline",
                      directory_, stream, stream_));
    }
    const std::string_view format = columns_[recorded::kFormat].strings[row];
    if (format_.empty()) format_ = format;
    if (format != format_) {
      return absl::InvalidArgumentError(
          fmt::format("{}: found records in {} after some in {}; right would be one format",
                      directory_, format, format_));
    }
  }
  return absl::OkStatus();
}

}  // namespace onrush
