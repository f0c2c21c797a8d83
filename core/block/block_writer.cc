#include "core/block/block_writer.h"

#include <algorithm>
#include <utility>

#include "core/block/block_head.h"
#include "core/check.h"
#include "core/status_macros.h"

namespace onrush {

BlockWriter::BlockWriter(BlockSchema schema, int zstd_level)
    : schema_(std::move(schema)), compressor_(zstd_level) {
  ONRUSH_CHECK(schema_.Validate().ok());
  AppendSchema(schema_, schema_bytes_);
  for (const BlockColumn& column : schema_.columns) builders_.emplace_back(column.type);
}

void BlockWriter::Add(const std::vector<Column>& columns, size_t row) {
  ONRUSH_CHECK(row_count_ < kMaxBlockRows);
  ++row_count_;
  for (size_t i = 0; i < builders_.size(); ++i) builders_[i].Add(columns[i], row);
  if (!schema_.time_column || columns[*schema_.time_column].nulls[row] != 0) return;
  const int64_t time = columns[*schema_.time_column].ints[row];
  times_.min_time = times_.has_times ? std::min(times_.min_time, time) : time;
  times_.max_time = times_.has_times ? std::max(times_.max_time, time) : time;
  times_.has_times = true;
}

size_t BlockWriter::byte_count() const {
  size_t bytes = 0;
  for (const ColumnBuilder& builder : builders_) bytes += builder.byte_count();
  return bytes;
}

absl::StatusOr<BlockHeader> BlockWriter::Finish(std::string& out) {
  BlockHeader header = std::exchange(times_, {});
  header.row_count = static_cast<uint32_t>(std::exchange(row_count_, 0));
  stored_.clear();
  table_.clear();
  size_t columns_size = 0;
  for (ColumnBuilder& builder : builders_) {
    column_bytes_.clear();
    builder.Finish(column_bytes_);
    columns_size += column_bytes_.size();
    table_.push_back(compressor_.Append(column_bytes_, stored_));
  }
  ONRUSH_RETURN_IF_ERROR(CheckColumnsSize(header.row_count, columns_size));
  AppendBlockHead(schema_bytes_, table_, header, out);
  out += stored_;
  return header;
}

}  // namespace onrush
