// The end of a file that was closed in good order: where its blocks are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/block/block_format.h"

namespace onrush {

struct BlockEntry {
  uint64_t offset = 0;  // in the file
  uint32_t size = 0;
  uint32_t row_count = 0;
  int64_t min_time = 0;
  int64_t max_time = 0;
  bool has_times = false;
  friend bool operator==(const BlockEntry&, const BlockEntry&) = default;
};

// Blocks follow each other without gaps, the first after the file header.
struct FileIndex {
  std::vector<BlockEntry> blocks;

  // Notes the next block.
  void Add(const BlockHeader& header);
  // Where the next block would stand.
  uint64_t end() const;
  uint64_t row_count() const;

  friend bool operator==(const FileIndex&, const FileIndex&) = default;
};

// Bytes of the index of so many blocks, its trailer included.
constexpr size_t IndexSize(size_t blocks) { return 24 + 40 * blocks + 24; }

// Appends the index and its trailer. Requires: it stands at index.end().
void AppendIndex(const FileIndex& index, std::string& out);

// True if an index of `size` bytes may begin so, for whoever does not want to read all of what is
// none. Requires: kIndexHeadSize bytes.
inline constexpr size_t kIndexHeadSize = 24;
bool MayBeIndex(std::string_view head, uint64_t size);

// Reads what AppendIndex() wrote. Fails with kDataLoss on anything else.
absl::StatusOr<FileIndex> ReadIndex(std::string_view bytes);

// Where the index of a file begins, from the file's last kTrailerSize bytes; kNotFound: they are
// no trailer, so that the file was not closed.
inline constexpr size_t kTrailerSize = 24;
absl::StatusOr<uint64_t> ReadTrailer(std::string_view last_bytes);

}  // namespace onrush
