// The bytes of one segment: its index and any of its blocks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/block/block_format.h"
#include "core/block/file_index.h"

namespace onrush {

// Description
//   Reads at any place and holds one block. Errors name the file, and where they are of kDataLoss,
//   the place: what is there is damaged or ends too early. kUnavailable: the medium failed.
// Threads
//   One at a time.
class SegmentFile {
 public:
  static absl::StatusOr<std::unique_ptr<SegmentFile>> Open(std::string path);
  ~SegmentFile();
  SegmentFile(const SegmentFile&) = delete;
  SegmentFile& operator=(const SegmentFile&) = delete;

  const std::string& path() const { return path_; }
  uint64_t size() const { return size_; }
  // The index of a segment that was closed.
  const std::optional<FileIndex>& closed_index() const { return closed_index_; }
  // The end of a segment that was not closed may be an event's bytes, which look like an index.
  // Forgets the index if the header of a block contradicts it, and returns true then. For whoever
  // found damage: it reads all headers, though only the first time.
  absl::StatusOr<bool> ForgetFalseIndex();
  // Where blocks end: at the index, if there is one.
  uint64_t blocks_end() const { return blocks_end_; }

  absl::Status ReadAt(uint64_t offset, char* to, size_t size) const;
  // The header of the block that begins there.
  absl::StatusOr<BlockHeader> ReadHeader(uint64_t offset) const;
  // Reads the whole block that begins there and checks it. What block() was is gone in any case.
  absl::Status ReadBlock(uint64_t offset);
  // Bytes that may be a block's, without a look at them. Requires: they are in the file.
  absl::StatusOr<std::string_view> ReadBytes(uint64_t offset, size_t size);

  // The block that was read, or nothing; BlockView::kPadding more bytes are readable.
  std::string_view block() const { return {buffer_.get(), block_size_}; }
  const BlockHeader& header() const { return header_; }  // of block()

  absl::Status DamageAt(uint64_t offset, std::string_view what) const;

 private:
  SegmentFile(std::string path, int descriptor, uint64_t size)
      : path_(std::move(path)), descriptor_(descriptor), size_(size) {}
  absl::Status ReadClosedIndex();

  const std::string path_;
  const int descriptor_;
  const uint64_t size_;
  std::optional<FileIndex> closed_index_;
  bool index_checked_ = false;  // against the headers of blocks
  uint64_t blocks_end_ = 0;
  std::unique_ptr<char[]> buffer_;
  size_t buffer_size_ = 0;
  size_t block_size_ = 0;
  BlockHeader header_;
};

}  // namespace onrush
