#include "core/block/file_index.h"

#include "core/block/little_endian.h"

namespace onrush {
namespace {

constexpr size_t kEntrySize = 40;

absl::Status Damaged() { return absl::DataLossError("the index is damaged"); }

BlockEntry LoadEntry(const char* from) {
  BlockEntry entry;
  entry.offset = LoadNumber<uint64_t>(from);
  entry.size = LoadNumber<uint32_t>(from + 8);
  entry.row_count = LoadNumber<uint32_t>(from + 12);
  entry.min_time = LoadNumber<int64_t>(from + 16);
  entry.max_time = LoadNumber<int64_t>(from + 24);
  entry.has_times = LoadNumber<uint64_t>(from + 32) != 0;
  return entry;
}

}  // namespace

void FileIndex::Add(const BlockHeader& header) {
  blocks.push_back({end(), static_cast<uint32_t>(header.block_size()), header.row_count,
                    header.min_time, header.max_time, header.has_times});
}

uint64_t FileIndex::end() const {
  return blocks.empty() ? kFileHeaderSize : blocks.back().offset + blocks.back().size;
}

uint64_t FileIndex::row_count() const {
  uint64_t rows = 0;
  for (const BlockEntry& block : blocks) rows += block.row_count;
  return rows;
}

void AppendIndex(const FileIndex& index, std::string& out) {
  const size_t begin = out.size();
  out += kIndexMagic;
  AppendNumber(kFileVersion, out);
  AppendNumber(uint64_t{index.blocks.size()}, out);
  AppendNumber(index.row_count(), out);
  for (const BlockEntry& block : index.blocks) {
    AppendNumber(block.offset, out);
    AppendNumber(block.size, out);
    AppendNumber(block.row_count, out);
    AppendNumber(block.min_time, out);
    AppendNumber(block.max_time, out);
    AppendNumber(uint64_t{block.has_times}, out);
  }
  AppendNumber(index.end(), out);
  AppendNumber(Checksum(std::string_view(out).substr(begin)), out);
  out += kEndMagic;
}

bool MayBeIndex(std::string_view head, uint64_t size) {
  if (!head.starts_with(kIndexMagic) || size < IndexSize(0)) return false;
  const uint64_t entries_size = size - IndexSize(0);
  return entries_size % kEntrySize == 0 &&
         entries_size / kEntrySize == LoadNumber<uint64_t>(head.data() + 8);
}

absl::StatusOr<FileIndex> ReadIndex(std::string_view bytes) {
  if (bytes.size() < IndexSize(0) || !MayBeIndex(bytes, bytes.size()) ||
      !bytes.ends_with(kEndMagic)) {
    return Damaged();
  }
  const size_t checked = bytes.size() - 16;
  if (Checksum(bytes.substr(0, checked)) != LoadNumber<uint64_t>(bytes.data() + checked)) {
    return Damaged();
  }
  const size_t count = (bytes.size() - IndexSize(0)) / kEntrySize;
  FileIndex index;
  for (size_t i = 0; i < count; ++i) {
    const BlockEntry entry = LoadEntry(bytes.data() + kIndexHeadSize + i * kEntrySize);
    if (entry.offset != index.end() || entry.size < kBlockHeaderSize) return Damaged();
    index.blocks.push_back(entry);
  }
  // What it says of itself must be what it is.
  std::string expected;
  AppendIndex(index, expected);
  if (expected != bytes) return Damaged();
  return index;
}

absl::StatusOr<uint64_t> ReadTrailer(std::string_view last_bytes) {
  if (last_bytes.size() != kTrailerSize || !last_bytes.ends_with(kEndMagic)) {
    return absl::NotFoundError("no index: the file was not closed");
  }
  return LoadNumber<uint64_t>(last_bytes.data());
}

}  // namespace onrush
