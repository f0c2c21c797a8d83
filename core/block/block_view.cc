#include "core/block/block_view.h"

#include <zstd.h>

#include <cstring>

#include "core/status_macros.h"

namespace onrush {

BlockView::BlockView() : zstd_(nullptr, ::ZSTD_freeDCtx) {}
BlockView::~BlockView() = default;

void BlockView::Clear() {
  header_ = {};
  columns_.clear();
}

absl::Status BlockView::Open(std::string_view block, const ColumnFilter& wanted) {
  const absl::Status status = Read(block, wanted);
  if (!status.ok()) Clear();
  return status;
}

absl::Status BlockView::Read(std::string_view block, const ColumnFilter& wanted) {
  ONRUSH_ASSIGN_OR_RETURN(header_, ReadBlockHeader(block));
  if (block.size() != header_.block_size()) {
    return absl::DataLossError("a block is longer or shorter than its header says");
  }
  const std::string_view payload = block.substr(kBlockHeaderSize);
  ONRUSH_RETURN_IF_ERROR(ReadHead(payload.substr(0, header_.head_size())));
  std::string_view columns = payload.substr(header_.head_size());
  columns_.resize(table_.size());
  buffer_used_ = 0;
  for (size_t i = 0; i < table_.size(); ++i) {
    const std::string_view stored = columns.substr(0, table_[i].stored_size);
    columns.remove_prefix(stored.size());
    if (wanted && !wanted(schema_.columns[i])) continue;
    ONRUSH_RETURN_IF_ERROR(ReadColumn(i, stored));
  }
  return absl::OkStatus();
}

absl::Status BlockView::ReadHead(std::string_view head) {
  if (Checksum(head) != header_.head_checksum) {
    return absl::DataLossError("a block is damaged: its checksum is wrong");
  }
  const std::string_view schema = head.substr(0, header_.schema_size);
  if (schema_.columns.empty() || schema != schema_bytes_) {
    schema_.columns.clear();  // in case of an error
    ONRUSH_ASSIGN_OR_RETURN(schema_, ReadSchema(schema));
    schema_bytes_ = schema;
  }
  if (schema_.columns.size() != header_.column_count) {
    return absl::DataLossError("a block is damaged: it has more or fewer columns than it says");
  }
  return ReadColumnTable(header_, head.substr(schema.size()), table_);
}

absl::Status BlockView::ReadColumn(size_t column, std::string_view stored) {
  if (Checksum(stored) != table_[column].checksum) {
    return absl::DataLossError("a block is damaged: the checksum of a column is wrong");
  }
  std::string_view bytes = stored;
  if (table_[column].zstd()) {
    ONRUSH_ASSIGN_OR_RETURN(bytes, Decompress(stored, table_[column].size));
  }
  ONRUSH_RETURN_IF_ERROR(
      columns_[column].Read(schema_.columns[column].type, header_.row_count, bytes));
  return bytes.empty() ? absl::OkStatus()
                       : absl::DataLossError("a block is damaged: bytes after a column");
}

// There is room for all columns from the first on, so that none of them moves.
absl::StatusOr<std::string_view> BlockView::Decompress(std::string_view stored, size_t size) {
  if (zstd_ == nullptr) zstd_.reset(::ZSTD_createDCtx());
  const size_t room = header_.columns_size + kPadding;
  if (buffer_used_ == 0 && buffer_size_ < room) {
    buffer_ = std::make_unique<char[]>(room);
    buffer_size_ = room;
  }
  char* const to = buffer_.get() + buffer_used_;
  const size_t result = ::ZSTD_decompressDCtx(zstd_.get(), to, size, stored.data(), stored.size());
  if (::ZSTD_isError(result) != 0 || result != size) {
    return absl::DataLossError("a block is damaged: a column cannot be decompressed");
  }
  buffer_used_ += size;
  return std::string_view(to, size);
}

}  // namespace onrush
