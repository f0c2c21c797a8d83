// Rows into blocks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/block/block_format.h"
#include "core/block/block_schema.h"
#include "core/block/column_builder.h"
#include "core/block/column_store.h"
#include "core/block/column_table.h"
#include "core/event_batch.h"

namespace onrush {

// Description
//   Collects rows; Finish() makes them a block. What is large enough for a block is the caller's to
//   decide.
// Threads
//   One at a time.
class BlockWriter {
 public:
  // Levels of Zstandard are 1 to 19; 0: not compressed. Requires: a valid schema.
  explicit BlockWriter(BlockSchema schema, int zstd_level = 0);

  // Adds a row: `columns` begin with the schema's, in its order and of its types. Requires: fewer
  // than kMaxBlockRows rows.
  void Add(const std::vector<Column>& columns, size_t row);

  const BlockSchema& schema() const { return schema_; }
  size_t row_count() const { return row_count_; }
  // About as many as the columns will have.
  size_t byte_count() const;

  // Appends the block, perhaps one without rows, forgets the rows and returns the block's header.
  // Fails with kResourceExhausted if the rows are larger than a block may be.
  absl::StatusOr<BlockHeader> Finish(std::string& out);

 private:
  const BlockSchema schema_;
  std::string schema_bytes_;
  std::vector<ColumnBuilder> builders_;
  size_t row_count_ = 0;
  BlockHeader times_;         // has_times, min_time, max_time of the rows
  std::string column_bytes_;  // of one column
  std::string stored_;        // of all
  std::vector<StoredColumn> table_;
  ColumnCompressor compressor_;
};

}  // namespace onrush
