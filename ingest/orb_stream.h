// The blocks of one .orb input, one after the other.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/block/block_format.h"
#include "core/block/column_table.h"
#include "core/block/file_index.h"
#include "ingest/byte_stream.h"

namespace onrush {

// The same error with the place of the block that has it: "f.orb: at byte 4711: …".
absl::Status AtByte(std::string_view file, uint64_t offset, const absl::Status& why);

// Description
//   Reads headers, schemas and tables of columns; the columns of a block are read or passed over as
//   the caller likes, and not looked at: BlockView::Open() does that. At the end the index is
//   compared with the blocks that were met. Damage is an error that tells its place; an end without
//   an index is not, since it is the caller's to judge.
// Threads
//   One at a time.
class OrbStream {
 public:
  enum class End : uint8_t {
    kClosed,    // all blocks, and the index
    kUnclosed,  // ends between two blocks, without an index
    kTorn,      // ends inside a block or the index
  };

  // `name` is for messages.
  OrbStream(std::unique_ptr<ByteStream> bytes, std::string name)
      : bytes_(std::move(bytes)), name_(std::move(name)) {
    index_.blocks.reserve(kUsualBlocks);
  }

  // Goes to the next block and reads all before its columns. False at the end; see end(). Requires:
  // the block before was read or passed over.
  absl::StatusOr<bool> Next();

  // The block that Next() went to, and where it begins.
  const BlockHeader& header() const { return header_; }
  std::string_view schema() const {
    return std::string_view(head_).substr(kBlockHeaderSize, header_.schema_size);
  }
  uint64_t offset() const { return offset_; }

  // Reads the block to `to`, which has room for header().block_size() bytes: all of it, or, unless
  // `columns` is null, those columns; large ones that are not among them leave a gap. False if the
  // input ends in it.
  absl::StatusOr<bool> Read(char* to, const std::vector<bool>* columns = nullptr);
  absl::StatusOr<bool> PassOver();

  End end() const { return end_; }
  // What the whole blocks have.
  const FileIndex& index() const { return index_; }
  // "f.orb: was not closed: it ends after 3 blocks, at byte 4711": for kUnclosed and kTorn.
  std::string DescribeEnd() const;

 private:
  static constexpr size_t kUsualBlocks = 1000;

  absl::StatusOr<size_t> ReadUpTo(char* to, size_t size);
  // False if the input ends before.
  absl::StatusOr<bool> Skip(uint64_t size);
  // Reads the columns that are set to `to`.
  absl::StatusOr<bool> ReadColumns(const std::vector<bool>& columns, char* to);
  // Makes head_ `size` bytes long, or as long as the input allows.
  absl::Status ReadHead(size_t size);
  absl::StatusOr<bool> ReadFileHeader();
  absl::StatusOr<bool> EndWithIndex();
  bool EndAt(End end);

  const std::unique_ptr<ByteStream> bytes_;
  const std::string name_;
  FileIndex index_;
  bool started_ = false;
  End end_ = End::kUnclosed;
  uint64_t offset_ = 0;              // where head_ begins
  std::string head_;                 // header, schema and table of columns
  std::vector<StoredColumn> table_;  // scratch
  BlockHeader header_;
};

}  // namespace onrush
