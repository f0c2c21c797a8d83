// A block that was read: columns over its bytes.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "core/block/block_format.h"
#include "core/block/block_schema.h"
#include "core/block/column_table.h"
#include "core/block/column_view.h"

struct ZSTD_DCtx_s;

namespace onrush {

// Says which columns of blocks are wanted; none: all.
using ColumnFilter = std::function<bool(const BlockColumn&)>;

// Description
//   Checks the checksums first, then the structure; after that every row may be read. One block
//   after the other can be opened, which keeps what memory there is.
// Threads
//   Open() one at a time; between two calls any number read.
class BlockView {
 public:
  // Readable bytes after every text.
  static constexpr size_t kPadding = 64;

  BlockView();
  ~BlockView();
  BlockView(const BlockView&) = delete;
  BlockView& operator=(const BlockView&) = delete;

  // `block` must be exactly one block, with kPadding readable bytes behind it, and outlive the
  // columns. Fails with kDataLoss, and then has no rows. Decompresses into memory of its own.
  // Columns that are not wanted are not looked at, so that their bytes need not be there, and must
  // not be used.
  absl::Status Open(std::string_view block, const ColumnFilter& wanted = nullptr);
  // Forgets the block.
  void Clear();

  // True if texts may lie in memory of the view's own, which the next Open() uses again.
  bool decompressed() const { return buffer_used_ > 0; }
  size_t row_count() const { return header_.row_count; }
  const BlockHeader& header() const { return header_; }
  const BlockSchema& schema() const { return schema_; }
  const std::vector<ColumnView>& columns() const { return columns_; }

 private:
  absl::Status Read(std::string_view block, const ColumnFilter& wanted);
  absl::Status ReadHead(std::string_view head);
  absl::Status ReadColumn(size_t column, std::string_view stored);
  absl::StatusOr<std::string_view> Decompress(std::string_view stored, size_t size);

  BlockHeader header_;
  std::string schema_bytes_;
  BlockSchema schema_;
  std::vector<StoredColumn> table_;
  std::vector<ColumnView> columns_;
  std::unique_ptr<ZSTD_DCtx_s, size_t (*)(ZSTD_DCtx_s*)> zstd_;
  std::unique_ptr<char[]> buffer_;
  size_t buffer_size_ = 0;
  size_t buffer_used_ = 0;  // by the columns of this block
};

}  // namespace onrush
