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

absl::Status BlockView::Open(std::string_view block) {
  const absl::Status status = Read(block);
  if (!status.ok()) Clear();
  return status;
}

absl::Status BlockView::Read(std::string_view block) {
  ONRUSH_ASSIGN_OR_RETURN(header_, ReadBlockHeader(block));
  if (block.size() != header_.block_size()) {
    return absl::DataLossError("a block is longer or shorter than its header says");
  }
  const std::string_view payload = block.substr(kBlockHeaderSize);
  if (Checksum(payload) != header_.payload_checksum) {
    return absl::DataLossError("a block is damaged: its checksum is wrong");
  }
  return ReadPayload(payload);
}

absl::Status BlockView::ReadPayload(std::string_view payload) {
  const std::string_view schema = payload.substr(0, header_.schema_size);
  if (schema_.columns.empty() || schema != schema_bytes_) {
    schema_.columns.clear();  // in case of an error
    ONRUSH_ASSIGN_OR_RETURN(schema_, ReadSchema(schema));
    schema_bytes_ = schema;
  }
  ONRUSH_ASSIGN_OR_RETURN(std::string_view bytes, Decompress(payload.substr(schema.size())));
  columns_.resize(schema_.columns.size());
  for (size_t i = 0; i < columns_.size(); ++i) {
    ONRUSH_RETURN_IF_ERROR(columns_[i].Read(schema_.columns[i].type, header_.row_count, bytes));
  }
  if (!bytes.empty()) return absl::DataLossError("a block is damaged: bytes after its columns");
  return absl::OkStatus();
}

absl::StatusOr<std::string_view> BlockView::Decompress(std::string_view stored) {
  if (!header_.zstd) return stored;
  const size_t size = header_.columns_size;
  if (zstd_ == nullptr) zstd_.reset(::ZSTD_createDCtx());
  if (buffer_size_ < size + kPadding) {
    buffer_ = std::make_unique<char[]>(size + kPadding);
    buffer_size_ = size + kPadding;
  }
  const size_t result =
      ::ZSTD_decompressDCtx(zstd_.get(), buffer_.get(), size, stored.data(), stored.size());
  if (::ZSTD_isError(result) != 0 || result != size) {
    return absl::DataLossError("a block is damaged: its columns cannot be decompressed");
  }
  std::memset(buffer_.get() + size, 0, kPadding);
  return std::string_view(buffer_.get(), size);
}

}  // namespace onrush
