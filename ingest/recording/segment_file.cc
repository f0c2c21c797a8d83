#include "ingest/recording/segment_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstring>

#include "core/block/block_view.h"
#include "core/block/column_table.h"
#include "core/status_macros.h"
#include "fmt/format.h"
#include "ingest/orb_stream.h"

namespace onrush {
namespace {

absl::Status CannotRead(const std::string& path, int error) {
  return absl::UnavailableError(fmt::format("cannot read '{}': {}", path, std::strerror(error)));
}

}  // namespace

absl::StatusOr<std::unique_ptr<SegmentFile>> SegmentFile::Open(std::string path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return CannotRead(path, errno);
  struct stat status = {};
  if (fstat(descriptor, &status) != 0) {
    const int error = errno;
    close(descriptor);
    return CannotRead(path, error);
  }
  std::unique_ptr<SegmentFile> file(
      new SegmentFile(std::move(path), descriptor, static_cast<uint64_t>(status.st_size)));
  ONRUSH_RETURN_IF_ERROR(file->ReadClosedIndex());
  return file;
}

SegmentFile::~SegmentFile() { close(descriptor_); }

absl::Status SegmentFile::ReadAt(uint64_t offset, char* to, size_t size) const {
  while (size > 0) {
    const ssize_t count = pread(descriptor_, to, size, static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return CannotRead(path_, errno);
    if (count == 0) return DamageAt(offset, "the file ends too early");
    to += count;
    offset += static_cast<uint64_t>(count);
    size -= static_cast<size_t>(count);
  }
  return absl::OkStatus();
}

// An index that is not whole is none.
absl::Status SegmentFile::ReadClosedIndex() {
  blocks_end_ = size_;
  if (size_ < kFileHeaderSize + IndexSize(0)) return absl::OkStatus();
  char trailer[kTrailerSize];
  ONRUSH_RETURN_IF_ERROR(ReadAt(size_ - kTrailerSize, trailer, kTrailerSize));
  const absl::StatusOr<uint64_t> begin = ReadTrailer({trailer, kTrailerSize});
  if (!begin.ok() || *begin > size_ - IndexSize(0) || *begin < kFileHeaderSize) {
    return absl::OkStatus();
  }
  // The trailer may be an event's bytes and tell of an index as large as the segment.
  char head[kIndexHeadSize];
  ONRUSH_RETURN_IF_ERROR(ReadAt(*begin, head, kIndexHeadSize));
  if (!MayBeIndex({head, kIndexHeadSize}, size_ - *begin)) return absl::OkStatus();
  std::string bytes(size_ - *begin, '\0');
  ONRUSH_RETURN_IF_ERROR(ReadAt(*begin, bytes.data(), bytes.size()));
  absl::StatusOr<FileIndex> index = ReadIndex(bytes);
  if (!index.ok()) return absl::OkStatus();
  closed_index_ = *std::move(index);
  blocks_end_ = *begin;
  return absl::OkStatus();
}

absl::StatusOr<bool> SegmentFile::ForgetFalseIndex() {
  if (!closed_index_ || std::exchange(index_checked_, true)) return false;
  for (const BlockEntry& block : closed_index_->blocks) {
    const absl::StatusOr<BlockHeader> header = ReadHeader(block.offset);
    if (header.ok() && header->block_size() != block.size) {
      closed_index_.reset();
      blocks_end_ = size_;
      return true;
    }
    if (!header.ok() && header.status().code() != absl::StatusCode::kDataLoss) {
      return header.status();
    }
  }
  return false;
}

absl::StatusOr<BlockHeader> SegmentFile::ReadHeader(uint64_t offset) const {
  if (offset > blocks_end_ || blocks_end_ - offset < kBlockHeaderSize) {
    return DamageAt(offset, "no block begins here");
  }
  char bytes[kBlockHeaderSize];
  ONRUSH_RETURN_IF_ERROR(ReadAt(offset, bytes, kBlockHeaderSize));
  absl::StatusOr<BlockHeader> header = ReadBlockHeader({bytes, kBlockHeaderSize});
  if (!header.ok()) return AtByte(path_, offset, header.status());
  return header;
}

absl::Status SegmentFile::ReadBlock(uint64_t offset) {
  block_size_ = 0;
  ONRUSH_ASSIGN_OR_RETURN(header_, ReadHeader(offset));
  const size_t size = header_.block_size();
  if (blocks_end_ - offset < size) return DamageAt(offset, "a block is cut short");
  ONRUSH_ASSIGN_OR_RETURN(const std::string_view bytes, ReadBytes(offset, size));
  if (!IsIntact(header_, bytes.substr(kBlockHeaderSize))) {
    return DamageAt(offset, "the checksum of a block is wrong");
  }
  block_size_ = size;
  return absl::OkStatus();
}

absl::StatusOr<std::string_view> SegmentFile::ReadBytes(uint64_t offset, size_t size) {
  block_size_ = 0;
  const size_t room = std::bit_ceil(size + BlockView::kPadding);
  if (buffer_size_ < room) {
    buffer_.reset(new char[room]);
    buffer_size_ = room;
  }
  ONRUSH_RETURN_IF_ERROR(ReadAt(offset, buffer_.get(), size));
  std::memset(buffer_.get() + size, 0, BlockView::kPadding);
  return std::string_view(buffer_.get(), size);
}

absl::Status SegmentFile::DamageAt(uint64_t offset, std::string_view what) const {
  return AtByte(path_, offset, absl::DataLossError(fmt::format("{}", what)));
}

}  // namespace onrush
