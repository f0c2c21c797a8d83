#include "ingest/recording/segment_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/block/block_view.h"
#include "core/block/column_table.h"
#include "core/status_macros.h"
#include "fmt/format.h"
#include "ingest/orb_stream.h"
#include "ingest/recording/recording_rows.h"

namespace onrush {
namespace {

absl::Status CannotRead(const std::string& path, int error) {
  return absl::UnavailableError(fmt::format("cannot read '{}': {}", path, std::strerror(error)));
}

// The largest number in the column that tells what is safe.
std::optional<uint64_t> SafeRowsOf(std::string_view block) {
  BlockView view;
  if (!view.Open(block).ok() || view.schema() != RecordingSchema()) return std::nullopt;
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
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return CannotRead(path, errno);
  struct stat status = {};
  if (fstat(descriptor, &status) != 0) {
    const int error = errno;
    close(descriptor);
    return CannotRead(path, error);
  }
  std::unique_ptr<SegmentReader> reader(new SegmentReader(
      std::move(path), descriptor, static_cast<uint64_t>(status.st_size), first_row, last));
  ONRUSH_RETURN_IF_ERROR(reader->ReadClosedIndex());
  return reader;
}

SegmentReader::~SegmentReader() { close(descriptor_); }

absl::Status SegmentReader::ReadAt(uint64_t offset, char* to, size_t size) const {
  while (size > 0) {
    const ssize_t count = pread(descriptor_, to, size, static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return CannotRead(path_, errno);
    if (count == 0) return Damage("the file ends too early");
    to += count;
    offset += static_cast<uint64_t>(count);
    size -= static_cast<size_t>(count);
  }
  return absl::OkStatus();
}

// An index that is not whole is none.
absl::Status SegmentReader::ReadClosedIndex() {
  blocks_end_ = file_size_;
  if (file_size_ < kFileHeaderSize + IndexSize(0)) return absl::OkStatus();
  char trailer[kTrailerSize];
  ONRUSH_RETURN_IF_ERROR(ReadAt(file_size_ - kTrailerSize, trailer, kTrailerSize));
  const absl::StatusOr<uint64_t> begin = ReadTrailer({trailer, kTrailerSize});
  if (!begin.ok() || *begin >= file_size_ || *begin < kFileHeaderSize) return absl::OkStatus();
  std::string bytes(file_size_ - *begin, '\0');
  ONRUSH_RETURN_IF_ERROR(ReadAt(*begin, bytes.data(), bytes.size()));
  absl::StatusOr<FileIndex> index = ReadIndex(bytes);
  if (!index.ok()) return absl::OkStatus();
  closed_index_ = *std::move(index);
  blocks_end_ = *begin;
  return absl::OkStatus();
}

absl::StatusOr<bool> SegmentReader::Next() {
  block_size_ = 0;
  if (ended_) return false;
  absl::Status status = offset_ == 0 ? CheckFileStart() : absl::OkStatus();
  if (status.ok()) {
    offset_ = std::max<uint64_t>(offset_, kFileHeaderSize);
    if (offset_ == blocks_end_) return EndOfBlocks();
    status = ReadBlockAt(offset_);
  }
  if (status.ok()) {
    index_.Add(header_);
    offset_ += header_.block_size();
    return true;
  }
  if (status.code() != absl::StatusCode::kDataLoss) return status;
  ONRUSH_ASSIGN_OR_RETURN(const bool torn, IsTornEnd());
  if (!torn) return status;
  torn_bytes_ = file_size_ - offset_;
  ended_ = true;
  block_size_ = 0;
  return false;
}

absl::StatusOr<uint64_t> SegmentReader::SkipDamage() {
  const uint64_t from = offset_;
  ONRUSH_ASSIGN_OR_RETURN(const std::optional<Found> found,
                          FindBlock(std::max<uint64_t>(offset_, kFileHeaderSize)));
  offset_ = found ? found->offset : file_size_;
  skipped_ = true;
  ended_ = !found;
  return offset_ - from;
}

absl::Status SegmentReader::CheckFileStart() {
  char bytes[kFileHeaderSize];
  const size_t size = std::min<uint64_t>(file_size_, kFileHeaderSize);
  ONRUSH_RETURN_IF_ERROR(ReadAt(0, bytes, size));
  const absl::Status status = CheckFileHeader({bytes, size});
  return status.ok() ? status : Damage({status.message().data(), status.message().size()});
}

absl::Status SegmentReader::ReadBlockAt(uint64_t offset) {
  if (blocks_end_ - offset < kBlockHeaderSize) return Damage("no block begins here");
  MakeRoom(kBlockHeaderSize);
  ONRUSH_RETURN_IF_ERROR(ReadAt(offset, buffer_.get(), kBlockHeaderSize));
  const absl::StatusOr<BlockHeader> header = ReadBlockHeader({buffer_.get(), kBlockHeaderSize});
  if (!header.ok()) return AtByte(path_, offset, header.status());
  const size_t size = header->block_size();
  if (blocks_end_ - offset < size) return Damage("a block is cut short");
  MakeRoom(size);
  ONRUSH_RETURN_IF_ERROR(ReadAt(offset, buffer_.get(), size));
  if (!IsIntact(*header, {buffer_.get() + kBlockHeaderSize, header->payload_size()})) {
    return Damage("the checksum of a block is wrong");
  }
  header_ = *header;
  block_size_ = size;
  std::memset(buffer_.get() + size, 0, BlockView::kPadding);
  return absl::OkStatus();
}

void SegmentReader::MakeRoom(size_t size) {
  const size_t room = std::bit_ceil(size + BlockView::kPadding);
  if (buffer_size_ >= room) return;
  buffer_.reset(new char[room]);
  buffer_size_ = room;
}

absl::StatusOr<std::optional<SegmentReader::Found>> SegmentReader::FindBlock(uint64_t from) {
  constexpr size_t kStep = 1 << 20;
  std::string window;
  while (from + kBlockHeaderSize <= blocks_end_) {
    window.resize(std::min<uint64_t>(kStep, blocks_end_ - from));
    ONRUSH_RETURN_IF_ERROR(ReadAt(from, window.data(), window.size()));
    size_t at = window.find(kBlockMagic);
    for (; at != window.npos; at = window.find(kBlockMagic, at + 1)) {
      const absl::Status status = ReadBlockAt(from + at);
      if (status.ok()) return Found{from + at, SafeRowsOf(block())};
      if (status.code() != absl::StatusCode::kDataLoss) return status;
    }
    from += std::max<size_t>(window.size(), kBlockMagic.size()) - (kBlockMagic.size() - 1);
  }
  return std::nullopt;
}

// All of them are asked: rows of the next ones were mostly added before the bad one was safe.
absl::StatusOr<bool> SegmentReader::IsTornEnd() {
  if (!last_ || closed() || skipped_) return false;
  const uint64_t rows = first_row_ + index_.row_count();
  uint64_t from = std::max<uint64_t>(offset_ + 1, kFileHeaderSize);
  while (true) {
    ONRUSH_ASSIGN_OR_RETURN(const std::optional<Found> found, FindBlock(from));
    if (!found) return true;
    // The file's start is safe before its first block is written.
    if (offset_ == 0 || !found->safe_rows || *found->safe_rows > rows) return false;
    from = found->offset + block_size_;
  }
}

absl::StatusOr<bool> SegmentReader::EndOfBlocks() {
  ended_ = true;
  if (skipped_) return false;
  if (closed()) {
    if (*closed_index_ != index_) return Damage("the index tells of other blocks");
  } else if (!last_) {
    return Damage("the segment was not closed, but others follow it");
  }
  return false;
}

absl::Status SegmentReader::Damage(std::string_view what) const {
  return AtByte(path_, offset_, absl::DataLossError(fmt::format("{}", what)));
}

std::optional<int64_t> SegmentReader::last_arrival() const {
  std::optional<int64_t> last;
  if (!closed_index_) return last;
  for (const BlockEntry& block : closed_index_->blocks) {
    if (block.has_times) last = std::max(last.value_or(block.max_time), block.max_time);
  }
  return last;
}

}  // namespace onrush
