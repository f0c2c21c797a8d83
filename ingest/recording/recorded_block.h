// Rows of a recording into blocks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/block/block_format.h"
#include "core/block/column_builder.h"
#include "core/block/column_store.h"
#include "core/event_batch.h"
#include "core/plan.h"
#include "ingest/recording/recording_rows.h"

namespace onrush {

// Description
//   Collects rows and makes them a block. Adding a row costs little, for it is done where events
//   wait: some 30 ns and one copy of its bytes, which stay where that puts them.
// Implementation
//   The bytes of all rows come last in a block. They are collected behind a gap, into which all
//   that stands before them is written in the end, unless it is to be compressed.
// Threads
//   One at a time.
class RecordedBlock {
 public:
  struct Finished {
    BlockHeader header;
    std::string_view bytes;  // the whole block, until a row is added
  };

  // Levels of Zstandard are 1 to 19; 0: not compressed.
  RecordedBlock(const StreamPlan& stream, Format format, int zstd_level);

  // Requires: IsFull(…) was false.
  void Add(const RecordedRow& row);

  // True if it has so many bytes, or as many rows as a block should have.
  bool IsFull(size_t bytes) const {
    return !rows_.empty() &&
           (text_.size() - kGap + rows_.size() * sizeof(Row) >= bytes || row_count() >= kFullRows);
  }
  size_t row_count() const { return rows_.size(); }
  // Makes the rows, perhaps none, a block, and forgets them. `safe_rows`: so many rows of the
  // recording are known to be safe, which all rows tell. Fails with kResourceExhausted if they are
  // larger than a block may be.
  absl::StatusOr<Finished> Finish(std::optional<uint64_t> safe_rows = {});

 private:
  static constexpr size_t kFullRows = 32 * 1024;
  static constexpr size_t kGap = 64 * 1024;

  // What a row has besides its bytes.
  struct Row {
    int64_t arrived_ns;
    uint64_t line;
    uint32_t size;    // of its bytes
    uint32_t sender;  // in senders_
    RecordedKind kind;
  };

  uint32_t IndexOf(std::string_view sender);
  // What the block tells of its rows.
  BlockHeader NewHeader() const;
  // Appends all columns, the last one without the rows' bytes, which follow.
  void AppendColumns(std::optional<uint64_t> safe_rows, std::string& out);
  template <typename ValueFn>
  void AppendInts(ValueFn value, std::string& out);
  template <typename TextFn>
  void AppendTexts(TextFn text, std::string& out);
  // `set` puts a row's value into `one`.
  template <typename SetFn>
  void AppendColumn(SetFn set, const Column& one, ColumnBuilder& builder, std::string& out);
  void AppendSizes(std::string& out);
  // Writes `bytes` in front of what begins at begin_.
  void PutBefore(std::string_view bytes);
  // The block of the columns that begin at begin_, as they are …
  std::string_view AsItIs(BlockHeader& header);
  // … or with those compressed that get smaller by it.
  std::string_view Compressed(BlockHeader& header);
  template <typename VisitFn>
  void ForEachColumn(VisitFn visit) const;

  const std::string stream_;
  const std::string format_;
  const int zstd_level_;
  std::string schema_bytes_;
  std::vector<Row> rows_;
  std::vector<std::string> senders_;  // one after the other, as they came; keep memory
  size_t sender_count_ = 0;           // of these that are in use
  // The gap, and then the bytes of all rows; without rows, those of the block before.
  std::string text_;
  size_t begin_ = kGap;  // where what was written into the gap begins

  // Scratch.
  ColumnBuilder int_builder_{{TypeKind::kInt}};
  ColumnBuilder text_builder_{{TypeKind::kString}};
  Column one_int_;
  Column one_text_;
  std::string columns_;              // without the rows' bytes
  std::vector<size_t> column_ends_;  // from the first column's beginning on, not compressed
  std::vector<StoredColumn> table_;
  std::string head_;
  std::string compressed_;
  ColumnCompressor compressor_;
};

}  // namespace onrush
