#include "core/block/column_table.h"

#include "core/block/little_endian.h"

namespace onrush {

void AppendColumnTable(const std::vector<StoredColumn>& columns, std::string& out) {
  for (const StoredColumn& column : columns) {
    AppendNumber(column.stored_size, out);
    AppendNumber(column.size, out);
    AppendNumber(column.checksum, out);
  }
}

absl::Status ReadColumnTable(const BlockHeader& header, std::string_view bytes,
                             std::vector<StoredColumn>& columns) {
  columns.resize(header.column_count);
  uint64_t stored_size = 0, size = 0;
  bool possible = true;
  const char* from = bytes.data();
  for (StoredColumn& column : columns) {
    column.stored_size = LoadNumber<uint32_t>(from);
    column.size = LoadNumber<uint32_t>(from + 4);
    column.checksum = LoadNumber<uint64_t>(from + 8);
    from += kStoredColumnSize;
    possible &= column.stored_size <= column.size;
    stored_size += column.stored_size;
    size += column.size;
  }
  if (possible && stored_size == header.stored_size && size == header.columns_size) {
    return absl::OkStatus();
  }
  return absl::DataLossError("a block is damaged: its columns are not as large as it says");
}

std::optional<BlockHeader> HeaderFromHead(std::string_view head, uint32_t schema_size) {
  const std::string_view table = head.substr(schema_size);
  uint64_t stored_size = 0, size = 0;
  for (size_t at = 0; at + kStoredColumnSize <= table.size(); at += kStoredColumnSize) {
    stored_size += LoadNumber<uint32_t>(table.data() + at);
    size += LoadNumber<uint32_t>(table.data() + at + 4);
  }
  if (table.size() % kStoredColumnSize != 0 || size > kMaxColumnsBytes || stored_size > size) {
    return std::nullopt;
  }
  BlockHeader header;
  header.schema_size = schema_size;
  header.stored_size = static_cast<uint32_t>(stored_size);
  header.columns_size = static_cast<uint32_t>(size);
  header.column_count = static_cast<uint32_t>(table.size() / kStoredColumnSize);
  header.head_checksum = Checksum(head);
  return header;
}

bool IsIntact(const BlockHeader& header, std::string_view payload) {
  if (Checksum(payload.substr(0, header.head_size())) != header.head_checksum) return false;
  std::vector<StoredColumn> columns;
  const std::string_view table = payload.substr(header.schema_size, header.table_size());
  if (!ReadColumnTable(header, table, columns).ok()) return false;
  payload.remove_prefix(header.head_size());
  for (const StoredColumn& column : columns) {
    if (Checksum(payload.substr(0, column.stored_size)) != column.checksum) return false;
    payload.remove_prefix(column.stored_size);
  }
  return true;
}

}  // namespace onrush
