#include "ingest/recording/segment_writer.h"

#include <utility>
#include <vector>

#include "core/status_macros.h"
#include "ingest/recording/segment_reader.h"

namespace onrush {
namespace {

absl::StatusOr<std::unique_ptr<SegmentReader>> ReadToEnd(const std::string& path,
                                                         uint64_t first_row) {
  ONRUSH_ASSIGN_OR_RETURN(std::unique_ptr<SegmentReader> reader,
                          SegmentReader::Open(path, first_row, /*last=*/true));
  for (bool more = true; more;) {
    ONRUSH_ASSIGN_OR_RETURN(more, reader->Next());
  }
  return reader;
}

// Cuts off what is torn and writes the index. Blocks first, as in SegmentWriter::Close(): whoever
// wrote them may have been killed before they were synced.
absl::Status CloseSegment(RecordingDirectory& directory, const std::string& name,
                          const FileIndex& index) {
  ONRUSH_ASSIGN_OR_RETURN(const std::unique_ptr<AppendFile> file, directory.Open(name));
  ONRUSH_RETURN_IF_ERROR(file->Truncate(index.end()));
  ONRUSH_RETURN_IF_ERROR(file->Sync());
  std::string bytes;
  AppendIndex(index, bytes);
  ONRUSH_RETURN_IF_ERROR(file->Append(bytes));
  return file->Sync();
}

// Its writer may have been killed before it synced the index, without which the segment would be
// damage as soon as another one follows.
absl::Status SyncClosed(RecordingDirectory& directory, const std::string& name) {
  ONRUSH_ASSIGN_OR_RETURN(const std::unique_ptr<AppendFile> file, directory.Open(name));
  ONRUSH_RETURN_IF_ERROR(file->Sync());
  return directory.Sync();
}

}  // namespace

absl::StatusOr<RecoveredRecording> RecoverRecording(RecordingDirectory& directory) {
  RecoveredRecording recovered;
  ONRUSH_ASSIGN_OR_RETURN(const std::vector<Segment> segments, ListSegments(directory.path()));
  recovered.segments.assign(segments.begin(), segments.end());
  if (segments.empty()) return recovered;
  Segment& last = recovered.segments.back();
  const std::string name = SegmentName(last.first_row);
  ONRUSH_ASSIGN_OR_RETURN(const std::unique_ptr<SegmentReader> reader,
                          ReadToEnd(SegmentPath(directory.path(), last.first_row), last.first_row));
  recovered.next_row = last.first_row + reader->index().row_count();
  if (reader->closed()) {
    ONRUSH_RETURN_IF_ERROR(SyncClosed(directory, name));
    return recovered;
  }
  recovered.cut_bytes = reader->torn_bytes();
  if (reader->index().row_count() == 0) {
    ONRUSH_RETURN_IF_ERROR(directory.Remove(name));
    recovered.segments.pop_back();
  } else {
    ONRUSH_RETURN_IF_ERROR(CloseSegment(directory, name, reader->index()));
    last.bytes = reader->index().end() + IndexSize(reader->index().blocks.size());
  }
  ONRUSH_RETURN_IF_ERROR(directory.Sync());
  return recovered;
}

SegmentWriter::SegmentWriter(RecordingDirectory& directory, const SegmentOptions& options,
                             RecoveredRecording recovered)
    : directory_(directory),
      options_(options),
      closed_(std::move(recovered.segments)),
      next_row_(recovered.next_row) {}

absl::Status SegmentWriter::Append(const BlockHeader& header, std::string_view block) {
  if (file_ != nullptr && IsFull(header)) {
    ONRUSH_RETURN_IF_ERROR(Close());
    ONRUSH_RETURN_IF_ERROR(RemoveOld(header.max_time));
  }
  if (file_ == nullptr) {
    ONRUSH_RETURN_IF_ERROR(Begin());
    first_arrival_ = header.min_time;
  }
  if (const absl::Status status = file_->Append(block); !status.ok()) {
    // That cutting may fail too changes nothing: readers cut as well.
    file_->Truncate(index_.end()).IgnoreError();
    return status;
  }
  index_.Add(header);
  next_row_ += header.row_count;
  return absl::OkStatus();
}

absl::Status SegmentWriter::Sync() { return file_ == nullptr ? absl::OkStatus() : file_->Sync(); }

absl::Status SegmentWriter::Close() {
  if (file_ == nullptr) return absl::OkStatus();
  const std::unique_ptr<AppendFile> file = std::move(file_);
  // Blocks first: a whole index must not vouch for blocks that are not on the medium.
  ONRUSH_RETURN_IF_ERROR(file->Sync());
  std::string bytes;
  AppendIndex(index_, bytes);
  ONRUSH_RETURN_IF_ERROR(file->Append(bytes));
  ONRUSH_RETURN_IF_ERROR(file->Sync());
  closed_.push_back({first_row_, index_.end() + bytes.size()});
  return absl::OkStatus();
}

absl::Status SegmentWriter::Begin() {
  ONRUSH_ASSIGN_OR_RETURN(file_, directory_.Create(SegmentName(next_row_)));
  // Before any block: then a file that does not begin well has none.
  std::string start;
  AppendFileHeader(start);
  ONRUSH_RETURN_IF_ERROR(file_->Append(start));
  ONRUSH_RETURN_IF_ERROR(file_->Sync());
  first_row_ = next_row_;
  index_ = {};
  return directory_.Sync();
}

bool SegmentWriter::IsFull(const BlockHeader& next) const {
  return index_.end() + next.block_size() > options_.segment_bytes ||
         next.max_time - first_arrival_ > options_.segment_time.ns;
}

absl::Status SegmentWriter::RemoveOld(int64_t now_ns) {
  uint64_t bytes = 0;
  for (const Segment& segment : closed_) bytes += segment.bytes;
  bool removed = false;
  while (!closed_.empty() && ((options_.keep_bytes && bytes > *options_.keep_bytes) ||
                              IsTooOld(closed_.front(), now_ns))) {
    ONRUSH_RETURN_IF_ERROR(directory_.Remove(SegmentName(closed_.front().first_row)));
    bytes -= closed_.front().bytes;
    closed_.pop_front();
    removed = true;
  }
  return removed ? directory_.Sync() : absl::OkStatus();
}

bool SegmentWriter::IsTooOld(const Segment& segment, int64_t now_ns) const {
  if (!options_.keep_time) return false;
  const auto reader = SegmentReader::Open(SegmentPath(directory_.path(), segment.first_row),
                                          segment.first_row, false);
  if (!reader.ok()) return false;  // whoever replays is told
  const std::optional<int64_t> last = (*reader)->last_arrival();
  return last && *last < now_ns - options_.keep_time->ns;
}

}  // namespace onrush
