#include "ingest/recording/segment_reader.h"

#include <algorithm>

#include "core/block/block_view.h"
#include "core/status_macros.h"
#include "ingest/recording/recording_rows.h"

namespace onrush {
namespace {

// The largest number in the column that tells what is safe.
std::optional<uint64_t> SafeRowsOf(std::string_view block) {
  BlockView view;
  const auto wanted = [](const BlockColumn& column) {
    return column.name == RecordingSchema().columns[recorded::kSafeRows].name;
  };
  if (!view.Open(block, wanted).ok() || view.schema() != RecordingSchema()) return std::nullopt;
  Column column = Column::Make({TypeKind::kInt}, view.row_count());
  view.columns()[recorded::kSafeRows].Copy(0, view.row_count(), column, 0);
  std::optional<uint64_t> most;
  for (size_t row = 0; row < view.row_count(); ++row) {
    if (column.nulls[row] != 0 || column.ints[row] < 0) continue;
    most = std::max(most.value_or(0), static_cast<uint64_t>(column.ints[row]));
  }
  return most;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SegmentReader>> SegmentReader::Open(std::string path,
                                                                   uint64_t first_row, bool last) {
  ONRUSH_ASSIGN_OR_RETURN(std::unique_ptr<SegmentFile> file, SegmentFile::Open(std::move(path)));
  return std::unique_ptr<SegmentReader>(new SegmentReader(std::move(file), first_row, last));
}

absl::StatusOr<bool> SegmentReader::Next() {
  if (ended_) return false;
  absl::Status status = offset_ == 0 ? CheckFileStart() : absl::OkStatus();
  if (status.ok()) {
    offset_ = std::max<uint64_t>(offset_, kFileHeaderSize);
    if (offset_ == file_->blocks_end()) return EndOfBlocks();
    status = file_->ReadBlock(offset_);
  }
  if (status.ok()) {
    index_.Add(file_->header());
    offset_ += block().size();
    return true;
  }
  if (status.code() != absl::StatusCode::kDataLoss) return status;
  ONRUSH_ASSIGN_OR_RETURN(const bool index_was_false, file_->ForgetFalseIndex());
  if (index_was_false) return Next();
  ONRUSH_ASSIGN_OR_RETURN(const bool torn, IsTornEnd());
  if (!torn) return status;
  torn_bytes_ = file_->size() - offset_;
  ended_ = true;
  return false;
}

absl::StatusOr<uint64_t> SegmentReader::SkipDamage() {
  const uint64_t from = offset_;
  ONRUSH_ASSIGN_OR_RETURN(const std::optional<uint64_t> next, finder_.NextBehind(offset_));
  offset_ = next.value_or(file_->blocks_end());
  skipped_ = true;
  ended_ = !next;
  return offset_ - from;
}

absl::Status SegmentReader::CheckFileStart() const {
  char bytes[kFileHeaderSize];
  const size_t size = std::min<uint64_t>(file_->size(), kFileHeaderSize);
  ONRUSH_RETURN_IF_ERROR(file_->ReadAt(0, bytes, size));
  const absl::Status status = CheckFileHeader({bytes, size});
  return status.ok() ? status : file_->DamageAt(0, std::string(status.message()));
}

// All of them are asked: the next ones were perhaps written before the bad one was safe.
absl::StatusOr<bool> SegmentReader::IsTornEnd() {
  if (!last_ || closed() || skipped_) return false;
  const uint64_t rows = first_row_ + index_.row_count();
  return finder_.AllBehind(offset_, [this, rows](std::string_view block) {
    const std::optional<uint64_t> safe_rows = SafeRowsOf(block);
    // The file's start is safe before its first block is written.
    return offset_ > 0 && safe_rows && *safe_rows <= rows;
  });
}

absl::StatusOr<bool> SegmentReader::EndOfBlocks() {
  ended_ = true;
  if (skipped_) return false;
  if (closed()) {
    if (*file_->closed_index() != index_)
      return file_->DamageAt(offset_, "the index tells of other blocks");
  } else if (!last_) {
    return file_->DamageAt(offset_, "the segment was not closed, but others follow it");
  }
  return false;
}

std::optional<int64_t> SegmentReader::last_arrival() const {
  std::optional<int64_t> last;
  if (!closed()) return last;
  for (const BlockEntry& block : file_->closed_index()->blocks) {
    if (block.has_times) last = std::max(last.value_or(block.max_time), block.max_time);
  }
  return last;
}

}  // namespace onrush
