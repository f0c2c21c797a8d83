#include "core/block/block_head.h"

#include <cstdint>

#include "fmt/format.h"

namespace onrush {

absl::Status CheckColumnsSize(size_t rows, size_t bytes) {
  if (bytes <= kMaxColumnsBytes) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      fmt::format("{} rows of {} bytes do not fit a block, which has {} at most", rows, bytes,
                  kMaxColumnsBytes));
}

size_t BlockHeadSize(std::string_view schema, size_t columns) {
  return kBlockHeaderSize + schema.size() + columns * kStoredColumnSize;
}

void AppendBlockHead(std::string_view schema, const std::vector<StoredColumn>& columns,
                     BlockHeader& header, std::string& out) {
  std::string head(schema);
  AppendColumnTable(columns, head);
  header.schema_size = static_cast<uint32_t>(schema.size());
  header.column_count = static_cast<uint32_t>(columns.size());
  header.columns_size = header.stored_size = 0;
  for (const StoredColumn& column : columns) {
    header.columns_size += column.size;
    header.stored_size += column.stored_size;
  }
  header.head_checksum = Checksum(head);
  AppendBlockHeader(header, out);
  out += head;
}

}  // namespace onrush
