// What stands in a block before its columns.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "core/block/block_format.h"
#include "core/block/column_table.h"

namespace onrush {

// Fails with kResourceExhausted if the columns of so many rows, uncompressed, are too large for a
// block.
absl::Status CheckColumnsSize(size_t rows, size_t bytes);

// Bytes of header, schema and table of columns.
size_t BlockHeadSize(std::string_view schema, size_t columns);

// Appends them. `header` tells of the rows; the rest of it is filled in.
void AppendBlockHead(std::string_view schema, const std::vector<StoredColumn>& columns,
                     BlockHeader& header, std::string& out);

}  // namespace onrush
