// The fixed parts of an .orb file: magic numbers, limits, and the header of a block. README.md has
// the format in words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace onrush {

// The second half catches copies that changed line endings, the first byte those of seven bits.
inline constexpr std::string_view kFileMagic{"\x89ORB\r\n\x1A\n", 8};
inline constexpr std::string_view kBlockMagic = "oRBk";
inline constexpr std::string_view kIndexMagic = "oRBi";
inline constexpr std::string_view kEndMagic = "\norb.end";
inline constexpr uint32_t kFileVersion = 3;
inline constexpr uint16_t kBlockVersion = 3;

inline constexpr size_t kFileHeaderSize = 16;
inline constexpr size_t kBlockHeaderSize = 64;
inline constexpr size_t kStoredColumnSize = 16;  // of an entry in the table of columns

// A reader refuses what is larger before it takes memory for it.
inline constexpr uint32_t kMaxBlockRows = 1 << 20;
inline constexpr uint32_t kMaxSchemaBytes = 1 << 20;
inline constexpr uint32_t kMaxBlockColumns = UINT16_MAX;
inline constexpr uint32_t kMaxColumnsBytes = 256 << 20;

// What stands at the beginning of a file.
void AppendFileHeader(std::string& out);
// Fails with kDataLoss if `bytes` do not begin as an .orb file of this version does.
absl::Status CheckFileHeader(std::string_view bytes);

// What a block says of itself.
struct BlockHeader {
  bool has_times = false;  // min_time and max_time are those of the time column's values
  uint32_t row_count = 0;
  int64_t min_time = 0;
  int64_t max_time = 0;
  uint32_t schema_size = 0;   // in bytes
  uint32_t stored_size = 0;   // of the columns, as they stand in the file
  uint32_t columns_size = 0;  // of the columns, uncompressed
  uint32_t column_count = 0;
  uint64_t head_checksum = 0;  // of the schema and the table of columns

  // Of what follows the header: the schema, the table of columns …
  size_t table_size() const { return column_count * kStoredColumnSize; }
  size_t head_size() const { return schema_size + table_size(); }
  // … and the columns.
  size_t payload_size() const { return head_size() + stored_size; }
  size_t block_size() const { return kBlockHeaderSize + payload_size(); }

  friend bool operator==(const BlockHeader&, const BlockHeader&) = default;
};

void AppendBlockHeader(const BlockHeader& header, std::string& out);

// Fails with kDataLoss unless `bytes` begin with a whole header that keeps all rules and limits.
absl::StatusOr<BlockHeader> ReadBlockHeader(std::string_view bytes);

// XXH3 of 64 bits with seed 0: ten bytes a cycle and more, with the vectors that there are.
uint64_t Checksum(std::string_view bytes);

}  // namespace onrush
