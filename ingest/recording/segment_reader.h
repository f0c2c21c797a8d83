// The blocks of one segment, and what is wrong with it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/block/file_index.h"
#include "ingest/recording/block_finder.h"
#include "ingest/recording/segment_file.h"

namespace onrush {

// Description
//   Reads block by block and checks each before it is handed out. Damage is an error that tells its
//   place; the caller may go on behind it. In the last segment of a recording, which its writer may
//   not have closed, what a dying writer or medium leaves behind is no damage but a torn end: what
//   is not whole after the last whole block, unless a later block tells that it was safe already.
// Threads
//   One at a time.
class SegmentReader {
 public:
  // `last`: no segment follows. `first_row` is the segment's. Fails if the file cannot be read.
  static absl::StatusOr<std::unique_ptr<SegmentReader>> Open(std::string path, uint64_t first_row,
                                                             bool last);
  SegmentReader(const SegmentReader&) = delete;
  SegmentReader& operator=(const SegmentReader&) = delete;

  // Goes to the next block; false at the end. Fails with kDataLoss where there is damage: then
  // SkipDamage() may follow, or nothing.
  absl::StatusOr<bool> Next();
  // Goes on behind damage: the next Next() gives the next whole block. Returns how many bytes are
  // passed over.
  absl::StatusOr<uint64_t> SkipDamage();

  const std::string& path() const { return file_->path(); }
  // The block that Next() went to; BlockView::kPadding more bytes are readable.
  std::string_view block() const { return file_->block(); }

  uint64_t block_offset() const { return offset_ - block().size(); }

  // Of the blocks so far. After damage fewer rows than there were.
  const FileIndex& index() const { return index_; }
  // At the end: it was closed in good order; how many bytes its torn end has.
  bool closed() const { return file_->closed_index().has_value(); }
  uint64_t torn_bytes() const { return torn_bytes_; }
  uint64_t file_bytes() const { return file_->size(); }
  // When its last event arrived, in nanoseconds; nothing if it was not closed or has none.
  std::optional<int64_t> last_arrival() const;

 private:
  SegmentReader(std::unique_ptr<SegmentFile> file, uint64_t first_row, bool last)
      : file_(std::move(file)), finder_(*file_), first_row_(first_row), last_(last) {}

  absl::Status CheckFileStart() const;
  // True if what is at offset_ is a torn end.
  absl::StatusOr<bool> IsTornEnd();
  absl::StatusOr<bool> EndOfBlocks();

  const std::unique_ptr<SegmentFile> file_;
  BlockFinder finder_;  // of what follows damage
  const uint64_t first_row_;
  const bool last_;

  uint64_t offset_ = 0;
  FileIndex index_;
  bool skipped_ = false;  // damage: index_ is not all
  bool ended_ = false;
  uint64_t torn_bytes_ = 0;
};

}  // namespace onrush
