// Where the columns of a block are, and what shows that they are whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "core/block/block_format.h"

namespace onrush {

// A column as it stands in a block, one after the other; compressed if that is smaller.
struct StoredColumn {
  uint32_t stored_size = 0;
  uint32_t size = 0;      // uncompressed
  uint64_t checksum = 0;  // of the column as it stands there

  bool zstd() const { return stored_size < size; }
};

void AppendColumnTable(const std::vector<StoredColumn>& columns, std::string& out);

// Reads the table of a block with this header; `bytes` are all of it. Fails with kDataLoss if it
// tells of other sizes than the header.
absl::Status ReadColumnTable(const BlockHeader& header, std::string_view bytes,
                             std::vector<StoredColumn>& columns);

// What stands in a block's header but its rows and times, from the schema and the table of columns
// behind it: for a block whose header is damaged. Nothing if they are of no block. Requires: at
// least `schema_size` bytes.
std::optional<BlockHeader> HeaderFromHead(std::string_view head, uint32_t schema_size);

// True if all checksums of a block are right but the header's own. Requires: what follows the
// header, payload_size() bytes.
bool IsIntact(const BlockHeader& header, std::string_view payload);

}  // namespace onrush
