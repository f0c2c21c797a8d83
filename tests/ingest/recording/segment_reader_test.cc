// What is torn and what is damaged, in segments made block by block.
#include "ingest/recording/segment_reader.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "core/block/block_format.h"
#include "core/block/column_table.h"
#include "core/block/file_index.h"
#include "core/block/little_endian.h"
#include "doctest/doctest.h"
#include "ingest/recording/recorded_block.h"
#include "ingest/recording/recording_rows.h"
#include "tests/support/random_block.h"
#include "tests/support/random_source.h"
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
  block.Add({.kind = RecordedKind::kRecords, .raw = raw});
  return std::string(block.Finish(safe)->bytes);
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

// One of so many blocks, all but the last of which were safe.
MadeSegment SafeSegment(size_t blocks) {
  std::vector<std::optional<uint64_t>> safe(blocks, 0);
  safe.back() = blocks - 1;
  return SegmentOf(safe);
}

// Closes it, so that an index tells where blocks begin.
void Close(MadeSegment& segment) { AppendIndex(segment.index, segment.bytes); }

// A packed block, as senders send them.
std::string PackedBlock() {
  RandomSource random(1);
  std::vector<std::string> texts;
  return WriteBlock(MakeRandomBlock(random, 5, texts));
}

// Three blocks, the second of which has an event with these bytes, and was safe.
MadeSegment SegmentAround(std::string_view raw) {
  MadeSegment segment = SegmentOf({0});
  Append(segment, Block(raw, 0));
  Append(segment, Block("3,3\n", 2));
  return segment;
}

void Flip(std::string& bytes, uint64_t at) { bytes[at] = static_cast<char>(bytes[at] ^ 1); }

// Of the header of a block, so that it tells nothing; with what stands behind it too.
void LoseHeader(MadeSegment& segment, size_t block) {
  Flip(segment.bytes, segment.begin(block) + 40);
}
void LoseHead(MadeSegment& segment, size_t block) {
  LoseHeader(segment, block);
  Flip(segment.bytes, segment.begin(block) + kBlockHeaderSize + 5);
}

// Heads of blocks, one after the other, each of which says that its block goes on to `behind` bytes
// behind them all, with a first column whose checksum is to be computed. What is not whole of them
// shows only then.
std::string HostileHeads(size_t bytes, uint64_t behind) {
  const std::string block = Block("", 0);
  const BlockHeader of_block = *ReadBlockHeader(block);
  std::string head = block.substr(kBlockHeaderSize, of_block.head_size());
  const size_t size = kBlockHeaderSize + head.size();
  std::string heads;
  for (size_t left = bytes / size; left > 0; --left) {
    const auto column = static_cast<uint32_t>((left - 1) * size + behind);
    StoreNumber(column, head.data() + of_block.schema_size);
    StoreNumber(column, head.data() + of_block.schema_size + 4);
    const auto header = HeaderFromHead(head, of_block.schema_size);
    REQUIRE(header);
    AppendBlockHeader(*header, heads);
    heads += head;
  }
  return heads.append(of_block.stored_size, '\0');
}

// Where blocks begin, but for those.
std::vector<uint64_t> BeginsBut(const MadeSegment& segment, const std::vector<size_t>& but) {
  std::vector<uint64_t> begins;
  for (size_t block = 0; block < segment.index.blocks.size(); ++block) {
    if (std::find(but.begin(), but.end(), block) == but.end()) {
      begins.push_back(segment.begin(block));
    }
  }
  return begins;
}

// Which blocks are read, and what is wrong.
struct Reading {
  std::vector<uint64_t> offsets;
  uint64_t skipped_bytes = 0;
  uint64_t torn_bytes = 0;
  bool closed = false;
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
      if (!skip) break;
      const absl::StatusOr<uint64_t> skipped = (*reader)->SkipDamage();
      REQUIRE(skipped.ok());
      reading.skipped_bytes += *skipped;
      continue;
    }
    if (!*more) break;
    reading.offsets.push_back((*reader)->block_offset());
  }
  reading.torn_bytes = (*reader)->torn_bytes();
  reading.closed = (*reader)->closed();
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

TEST_CASE("a packed block in a torn end is no block of the recording") {
  MadeSegment segment = SegmentOf({0});
  Append(segment, Block(PackedBlock() + "more", 1));
  segment.bytes.pop_back();
  CHECK(Read(segment.bytes).torn());
  LoseHead(segment, 1);
  CHECK(Read(segment.bytes).torn());
}

TEST_CASE("nor is a block of another recording, as long as the header around it is whole") {
  MadeSegment segment = SegmentOf({0});
  Append(segment, Block(Block("x", 1000) + "more", 1));
  segment.bytes.pop_back();
  CHECK(Read(segment.bytes).torn());
}

TEST_CASE("behind a header that is lost, later blocks tell whether its block was safe") {
  for (const uint64_t safe : {1, 2}) {
    MadeSegment segment = SegmentOf({0, 0, 1, safe});
    LoseHead(segment, 1);
    CHECK(Read(segment.bytes).damaged() == (safe == 2));
    CHECK(Read(segment.bytes).torn() == (safe == 1));
  }
}

// An event that ends like a segment would if it were closed in the middle of its block.
MadeSegment SegmentWithFalseIndex() {
  MadeSegment segment = SegmentOf({0, 0, 2});
  std::string bytes(500, 'x');
  FileIndex index = segment.index;
  const size_t size = Block(bytes, 2).size() - IndexSize(4);
  index.blocks.push_back({index.end(), static_cast<uint32_t>(size), 1});
  std::string end;
  AppendIndex(index, end);
  Append(segment, Block(bytes.replace(bytes.size() - end.size(), end.size(), end), 2));
  return segment;
}

TEST_CASE("an event's bytes at the end of a segment that was not closed are no index") {
  MadeSegment segment = SegmentWithFalseIndex();
  const Reading reading = Read(segment.bytes);
  CHECK_MESSAGE(reading.status.ok(), reading.status.ToString());
  CHECK(reading.offsets.size() == 4);
  LoseHead(segment, 1);
  CHECK(Read(segment.bytes).damaged());
  CHECK(Read(segment.bytes, /*skip=*/true).offsets ==
        std::vector<uint64_t>{segment.begin(0), segment.begin(2), segment.begin(3)});
}

TEST_CASE("a segment made to be slow is read in reasonable time, and is no torn end") {
  MadeSegment segment = SegmentOf({0, 0});
  LoseHead(segment, 1);
  segment.bytes += HostileHeads(16 << 20, 0);
  CHECK(Read(segment.bytes).damaged());
  CHECK(Read(segment.bytes, /*skip=*/true).offsets == std::vector<uint64_t>{segment.begin(0)});
}

TEST_CASE("with an index, an event's bytes do not become blocks of the recording") {
  MadeSegment segment = SegmentAround(Block("forged", 0));
  LoseHead(segment, 1);
  Close(segment);
  const Reading reading = Read(segment.bytes, /*skip=*/true);
  CHECK(reading.damaged());
  CHECK(reading.offsets == std::vector<uint64_t>{segment.begin(0), segment.begin(2)});
}

TEST_CASE("with an index, the block behind several bad ones is found") {
  MadeSegment segment = SegmentOf({0, 0, 0, 0, 0});
  for (const size_t block : {1, 2}) LoseHead(segment, block);
  Close(segment);
  CHECK(Read(segment.bytes, /*skip=*/true).offsets ==
        std::vector<uint64_t>{segment.begin(0), segment.begin(3), segment.begin(4)});
  Flip(segment.bytes, 0);  // the file's header as well
  CHECK(Read(segment.bytes, /*skip=*/true).offsets ==
        std::vector<uint64_t>{segment.begin(0), segment.begin(3), segment.begin(4)});
}

TEST_CASE("without an index they do not either, as long as header or columns are whole") {
  MadeSegment segment = SegmentAround(Block("forged", 0));
  MadeSegment other = segment;
  LoseHeader(segment, 1);
  Flip(other.bytes, segment.begin(1) + kBlockHeaderSize + 5);
  for (const std::string& bytes : {segment.bytes, other.bytes}) {
    CHECK(Read(bytes, /*skip=*/true).offsets ==
          std::vector<uint64_t>{segment.begin(0), segment.begin(2)});
  }
  // The last block of all: what is behind it cannot tell.
  MadeSegment last = SegmentOf({0});
  Append(last, Block(Block("forged", 0), 0));
  LoseHeader(last, 1);
  CHECK(Read(last.bytes, /*skip=*/true).offsets == std::vector<uint64_t>{last.begin(0)});
}

TEST_CASE(
    "where the whole head of a block is lost, one in its bytes with nothing behind it is none") {
  MadeSegment segment = SegmentAround(Block("forged", 1000) + "more");
  LoseHead(segment, 1);
  CHECK(Read(segment.bytes, /*skip=*/true).offsets ==
        std::vector<uint64_t>{segment.begin(0), segment.begin(2)});
}

TEST_CASE("blocks are found up to a torn end whose head is lost too") {
  MadeSegment segment = SegmentOf({0, 0, 0, 0, 2, 2});
  for (const size_t block : {1, 5}) LoseHead(segment, block);
  CHECK(Read(segment.bytes, /*skip=*/true).offsets ==
        std::vector<uint64_t>{segment.begin(0), segment.begin(2), segment.begin(3),
                              segment.begin(4)});
  // The same where it is cut short.
  segment.bytes.resize(segment.end(4) + 3);
  CHECK(Read(segment.bytes, /*skip=*/true).offsets.size() == 4);
}

TEST_CASE("blocks between two whose heads are lost are found") {
  MadeSegment segment = SafeSegment(10);
  for (const size_t block : {2, 6}) LoseHead(segment, block);
  const Reading reading = Read(segment.bytes, /*skip=*/true);
  CHECK(reading.offsets == BeginsBut(segment, {2, 6}));
  CHECK(reading.skipped_bytes ==
        segment.end(2) - segment.begin(2) + segment.end(6) - segment.begin(6));
}

TEST_CASE("they are found too if one of them is bad but for its header") {
  for (const size_t bad : {3, 4, 5}) {
    MadeSegment segment = SafeSegment(11);
    for (const size_t block : {2, 7}) LoseHead(segment, block);
    Flip(segment.bytes, segment.begin(bad) + kBlockHeaderSize + 5);
    CHECK(Read(segment.bytes, /*skip=*/true).offsets == BeginsBut(segment, {2, bad, 7}));
  }
}

TEST_CASE("a single one between two whose heads are lost may be a row's bytes and is none") {
  MadeSegment segment = SafeSegment(5);
  for (const size_t block : {1, 3}) LoseHead(segment, block);
  const Reading reading = Read(segment.bytes, /*skip=*/true);
  CHECK(reading.offsets == BeginsBut(segment, {1, 2, 3}));
  CHECK(reading.skipped_bytes == segment.end(3) - segment.begin(1));
  // So it is, whatever is behind it.
  MadeSegment other = SegmentAround(Block("forged", 1000) + std::string(5000, 'x'));
  LoseHead(other, 1);
  CHECK(Read(other.bytes, /*skip=*/true).offsets == BeginsBut(other, {1}));
}

TEST_CASE("nor are several in a row's bytes, where no head could be between them and the next") {
  MadeSegment segment = SegmentAround(Block("forged", 0) + Block("forged too", 0) + "more");
  LoseHead(segment, 1);
  CHECK(Read(segment.bytes, /*skip=*/true).offsets == BeginsBut(segment, {1}));
}

TEST_CASE("what senders wrote to keep blocks from being found does not, wherever it is") {
  for (const bool in_lost_block : {false, true}) {
    for (const uint64_t safe : {1, 2}) {
      const std::string honest(1 << 20, 'x');
      const std::string hostile = HostileHeads(1 << 20, in_lost_block ? 8 << 20 : 0);
      MadeSegment segment = SegmentOf({0});
      Append(segment, Block(in_lost_block ? hostile : "", 0));
      for (int i = 0; i < 8; ++i) Append(segment, Block(honest, 0));
      Append(segment, Block(in_lost_block ? "" : hostile, safe));
      LoseHead(segment, 1);
      const bool may_be_torn = safe == 1 && !in_lost_block;
      CHECK(Read(segment.bytes).torn() == may_be_torn);
      if (may_be_torn) continue;
      CHECK(Read(segment.bytes, /*skip=*/true).offsets == BeginsBut(segment, {1}));
    }
  }
}

TEST_CASE("much damage that a sender made is read in reasonable time") {
  // Each two blocks are taken, for the head of another may have been lost behind them.
  // What stands there claims to be a large one.
  const std::string large = Block(std::string(15 << 20, 'x'), 0);
  const size_t head_end = kBlockHeaderSize + ReadBlockHeader(large)->head_size();
  const std::string lost = std::string(kBlockHeaderSize, 'x') +
                           large.substr(kBlockHeaderSize, head_end - kBlockHeaderSize);
  std::string forged;
  for (int i = 0; i < 1000; ++i) forged += Block("", 0) + Block("", 0) + lost;
  MadeSegment segment = SafeSegment(1);
  Append(segment, Block(forged, 0));
  for (int i = 0; i < 16; ++i) Append(segment, Block(std::string(1 << 20, 'x'), 2));
  LoseHead(segment, 1);
  const std::vector<uint64_t> offsets = Read(segment.bytes, /*skip=*/true).offsets;
  CHECK(offsets.size() == 1 + 2000 + 16);
}

TEST_CASE("an event that ends like a segment is no index, however large that would be") {
  for (const uint64_t begin : {uint64_t{0}, uint64_t{kFileHeaderSize}, UINT64_MAX - 30}) {
    std::string trailer;
    AppendNumber(begin, trailer);
    AppendNumber(uint64_t{0}, trailer);
    trailer += kEndMagic;
    MadeSegment segment = SegmentOf({0});
    Append(segment, Block(std::string(1 << 20, 'x') + trailer, 1));
    const Reading reading = Read(segment.bytes);
    CHECK_MESSAGE(reading.status.ok(), reading.status.ToString());
    CHECK(reading.offsets == BeginsBut(segment, {}));
    CHECK(!reading.closed);
  }
}

TEST_SUITE_END();

}  // namespace onrush
