#include "core/block/block_writer.h"

#include <zstd.h>

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "core/check.h"
#include "fmt/format.h"

namespace onrush {

BlockWriter::BlockWriter(BlockSchema schema, int zstd_level)
    : schema_(std::move(schema)), zstd_level_(zstd_level), zstd_(nullptr, ::ZSTD_freeCCtx) {
  ONRUSH_CHECK(schema_.Validate().ok());
  AppendSchema(schema_, schema_bytes_);
  for (const BlockColumn& column : schema_.columns) builders_.emplace_back(column.type);
  if (zstd_level_ > 0) zstd_.reset(::ZSTD_createCCtx());
}

BlockWriter::~BlockWriter() = default;

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
  table_.resize(builders_.size());
  size_t columns_size = 0;
  for (size_t i = 0; i < builders_.size(); ++i) {
    Store(builders_[i], table_[i]);
    columns_size += table_[i].size;
  }
  if (columns_size > kMaxColumnsBytes) {
    return absl::ResourceExhaustedError(
        fmt::format("{} rows of {} bytes do not fit a block, which has {} at most",
                    header.row_count, columns_size, kMaxColumnsBytes));
  }
  header.schema_size = static_cast<uint32_t>(schema_bytes_.size());
  header.column_count = static_cast<uint32_t>(table_.size());
  header.columns_size = static_cast<uint32_t>(columns_size);
  header.stored_size = static_cast<uint32_t>(stored_.size());
  const size_t begin = out.size();
  out.resize(begin + kBlockHeaderSize);
  out += schema_bytes_;
  AppendColumnTable(table_, out);
  header.head_checksum = Checksum(std::string_view(out).substr(begin + kBlockHeaderSize));
  out += stored_;
  std::string header_bytes;
  AppendBlockHeader(header, header_bytes);
  out.replace(begin, kBlockHeaderSize, header_bytes);
  return header;
}

void BlockWriter::Store(ColumnBuilder& builder, StoredColumn& column) {
  column_bytes_.clear();
  builder.Finish(column_bytes_);
  const std::string_view stored = Compress(column_bytes_);
  column.size = static_cast<uint32_t>(column_bytes_.size());
  column.stored_size = static_cast<uint32_t>(stored.size());
  column.checksum = Checksum(stored);
  stored_ += stored;
}

std::string_view BlockWriter::Compress(std::string_view bytes) {
  if (zstd_level_ == 0) return bytes;
  compressed_.resize(::ZSTD_compressBound(bytes.size()));
  const size_t size = ::ZSTD_compressCCtx(zstd_.get(), compressed_.data(), compressed_.size(),
                                          bytes.data(), bytes.size(), zstd_level_);
  if (::ZSTD_isError(size) != 0 || size >= bytes.size()) return bytes;
  return std::string_view(compressed_).substr(0, size);
}

}  // namespace onrush
