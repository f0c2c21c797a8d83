#include "core/block/file_writer.h"

#include <utility>

#include "core/status_macros.h"

namespace onrush {

FileWriter::FileWriter(BlockSchema schema, const FileWriterOptions& options, Output output)
    : FileWriter(std::move(schema), options, std::move(output), {}) {
  AppendFileHeader(bytes_);
}

FileWriter::FileWriter(BlockSchema schema, const FileWriterOptions& options, Output output,
                       FileIndex index)
    : options_(options),
      output_(std::move(output)),
      block_(std::move(schema), options.zstd_level),
      index_(std::move(index)) {}

absl::Status FileWriter::Add(const std::vector<Column>& columns, size_t row) {
  block_.Add(columns, row);
  const bool full =
      block_.row_count() >= options_.block_rows || block_.byte_count() >= options_.block_bytes;
  return full ? EndBlock() : absl::OkStatus();
}

absl::Status FileWriter::EndBlock() {
  ONRUSH_ASSIGN_OR_RETURN(const BlockHeader header, block_.Finish(bytes_));
  index_.Add(header);
  return Write();
}

absl::Status FileWriter::Close() {
  // A file without rows has an empty block, which tells its columns.
  if (block_.row_count() > 0 || index_.blocks.empty()) ONRUSH_RETURN_IF_ERROR(EndBlock());
  AppendIndex(index_, bytes_);
  return Write();
}

absl::Status FileWriter::Write() {
  const absl::Status status = output_(bytes_);
  bytes_.clear();
  return status;
}

}  // namespace onrush
