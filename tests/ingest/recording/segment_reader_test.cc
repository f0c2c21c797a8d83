// What is torn and what is damaged, in segments made block by block.
#include "ingest/recording/segment_reader.h"

#include <optional>
#include <string>
#include <vector>

#include "core/block/block_format.h"
#include "core/block/file_index.h"
#include "doctest/doctest.h"
#include "ingest/recording/recorded_block.h"
#include "ingest/recording/recording_rows.h"
#include "tests/support/recordings.h"
#include "tests/support/temporary_directory.h"

namespace onrush {
namespace {

constexpr uint64_t kFirstRow = 100;  // of every segment here

// The bytes of a segment.
struct MadeSegment {
  std::string bytes;
  FileIndex index;

  MadeSegment() { AppendFileHeader(bytes); }

  // Where the block begins.
  uint64_t begin(size_t block) const { return index.blocks[block].offset; }
  uint64_t end(size_t block) const { return begin(block) + index.blocks[block].size; }
};

// A block of one row. `safe` counts from the segment's beginning.
std::string Block(std::string_view raw, std::optional<uint64_t> safe) {
  RecordedBlock block(LineStream(), Format::kCsv, 0);
  if (safe) *safe += kFirstRow;
  block.Add({.kind = RecordedKind::kRecords, .raw = raw, .safe_rows = safe});
  return std::string(block.Finish()->bytes);
}

void Append(MadeSegment& segment, const std::string& block) {
  segment.bytes += block;
  segment.index.Add(*ReadBlockHeader(block));
}

// A segment of a block for each entry, which says that so many rows were safe.
MadeSegment SegmentOf(const std::vector<std::optional<uint64_t>>& safe) {
  MadeSegment segment;
  for (const auto& rows : safe) Append(segment, Block("1,1\n", rows));
  return segment;
}

void Flip(std::string& bytes, uint64_t at) { bytes[at] = static_cast<char>(bytes[at] ^ 1); }

// Which blocks are read, and what is wrong.
struct Reading {
  std::vector<uint64_t> offsets;
  uint64_t torn_bytes = 0;
  absl::Status status;

  bool torn() const { return status.ok() && torn_bytes > 0; }
  bool damaged() const { return status.code() == absl::StatusCode::kDataLoss; }
};

Reading Read(const std::string& bytes, bool skip = false) {
  const TemporaryDirectory directory;
  directory.Write("segment", bytes);
  Reading reading;
  auto reader = SegmentReader::Open(directory.path() + "/segment", kFirstRow, /*last=*/true);
  REQUIRE(reader.ok());
  while (true) {
    const absl::StatusOr<bool> more = (*reader)->Next();
    if (!more.ok()) {
      reading.status.Update(more.status());
      if (!skip || !(*reader)->SkipDamage().ok()) break;
      continue;
    }
    if (!*more) break;
    reading.offsets.push_back((*reader)->block_offset());
  }
  reading.torn_bytes = (*reader)->torn_bytes();
  return reading;
}

}  // namespace

TEST_SUITE_BEGIN("ingest/recording/segment_reader");

TEST_CASE("a bad block that only a block long after it tells to have been safe is damage") {
  MadeSegment segment = SegmentOf({0, 0, 0, 0, 2, 4});
  Flip(segment.bytes, segment.end(1) - 1);
  const Reading reading = Read(segment.bytes);
  CHECK(reading.damaged());
  CHECK(reading.offsets == std::vector<uint64_t>{segment.begin(0)});
}

TEST_CASE("a bad block that no block after it tells to have been safe is a torn end") {
  MadeSegment segment = SegmentOf({0, 0, 0, 1, 1, 0});
  Flip(segment.bytes, segment.end(1) - 1);
  const Reading reading = Read(segment.bytes);
  CHECK(reading.torn());
  CHECK(reading.torn_bytes == segment.bytes.size() - segment.begin(1));
}

TEST_CASE("a later block may be bad too, and the one behind it tells") {
  MadeSegment segment = SegmentOf({0, 0, 0, 0, 2});
  Flip(segment.bytes, segment.end(1) - 1);
  Flip(segment.bytes, segment.end(3) - 1);
  CHECK(Read(segment.bytes).damaged());
}

TEST_CASE("where nothing was synced, a bad block with any whole one behind it is damage") {
  MadeSegment segment = SegmentOf({std::nullopt, std::nullopt, std::nullopt});
  Flip(segment.bytes, segment.end(1) - 1);
  CHECK(Read(segment.bytes).damaged());
}

TEST_SUITE_END();

}  // namespace onrush
