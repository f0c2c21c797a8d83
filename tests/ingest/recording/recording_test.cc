// What was recorded is read again, and what is not whole is told.
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/block/block_format.h"
#include "core/block/block_writer.h"
#include "doctest/doctest.h"
#include "fmt/format.h"
#include "ingest/recording/recorded_block.h"
#include "ingest/recording/recorder.h"
#include "ingest/recording/recording_source.h"
#include "ingest/recording/segment_writer.h"
#include "tests/support/decode_all.h"
#include "tests/support/recordings.h"
#include "tests/support/temporary_directory.h"

namespace onrush {
namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A new file each time: some file systems sync one that is cut and written again.
void WriteFile(const std::string& path, const std::string& bytes) {
  std::filesystem::remove(path);
  std::ofstream(path, std::ios::binary) << bytes;
}

// `count` datagrams of so many lines each, from number `first` on; four to a block.
std::vector<std::vector<ReceivedText>> Lines(int first, int count, int lines = 1) {
  std::vector<std::vector<ReceivedText>> blocks;
  for (int i = 0; i < count; ++i) {
    if (i % 4 == 0) blocks.emplace_back();
    blocks.back().push_back(
        {.arrived_ns = 1'000 * (first + i), .line = static_cast<uint64_t>(first + i)});
    for (int line = 0; line < lines; ++line) {
      blocks.back().back().bytes += fmt::format("{},{}\n", i, first + i);
    }
  }
  return blocks;
}

std::string TextOf(const std::vector<std::vector<ReceivedText>>& blocks) {
  std::string text;
  for (const auto& block : blocks) {
    for (const ReceivedText& received : block) text += received.bytes;
  }
  return text;
}

// Records so many datagrams in blocks of four, and returns their text.
std::string RecordLines(const std::string& directory, int first, int count, bool ends,
                        RecorderOptions options = {}, int lines = 1) {
  options.block_bytes = 1;  // a block for every row
  ReceivedSource source(Lines(first, count, lines), ends);
  const absl::Status status = RecordSource(source, LineStream(), Format::kCsv, directory, options);
  REQUIRE_MESSAGE(status.ok(), status.ToString());
  return TextOf(Lines(first, count, lines));
}

// A segment of these rows, with which a recording begins.
void WriteSegment(const std::string& directory, const std::vector<RecordedRow>& rows) {
  const auto opened = OpenRecordingDirectory(directory);
  REQUIRE(opened.ok());
  SegmentWriter writer(**opened, {}, {});
  RecordedBlock block(LineStream(), Format::kCsv, 0);
  for (const RecordedRow& row : rows) block.Add(row);
  const auto finished = block.Finish();
  REQUIRE(finished.ok());
  REQUIRE(writer.Append(finished->header, finished->bytes).ok());
  REQUIRE(writer.Close().ok());
}

std::vector<std::string> DecodedRows(const std::string& directory) {
  const auto source = RecordingSource::Open(directory, "events", {});
  REQUIRE(source.ok());
  const auto rows = DecodeSource(LineStream(), Format::kArrivals, **source, 3);
  REQUIRE_MESSAGE(rows.ok(), rows.status().ToString());
  return *rows;
}

std::vector<std::string> SegmentsIn(const std::string& directory) {
  std::vector<std::string> names;
  const auto segments = ListSegments(directory);
  REQUIRE(segments.ok());
  for (const Segment& segment : *segments) names.push_back(SegmentName(segment.first_row));
  return names;
}

}  // namespace

TEST_SUITE_BEGIN("ingest/recording");

TEST_CASE("a recording is gone on with, and segments are called by their first row") {
  const TemporaryDirectory directory;
  const std::string path = directory.path() + "/r";
  std::string text = RecordLines(path, 0, 10, false);
  CHECK(SegmentsIn(path) == std::vector<std::string>{"00000000000000000000.orb"});
  text += RecordLines(path, 10, 3, true);
  CHECK(SegmentsIn(path).back() == "00000000000000000010.orb");
  const auto content = ReadRecording(path, "events");
  REQUIRE(content.ok());
  CHECK(content->bytes == text);
  CHECK(content->notes.empty());
}

TEST_CASE("an input that did not end is told, and does not end the replay's") {
  const TemporaryDirectory directory;
  RecordLines(directory.path(), 0, 5, false);
  const auto source = RecordingSource::Open(directory.path(), "events", {});
  REQUIRE(source.ok());
  TextBlock block;
  while (*(*source)->Next(block)) continue;
  CHECK_FALSE((*source)->ends_input());
  REQUIRE((*source)->notes().size() == 1);
  CHECK((*source)->notes()[0].ends_with("its input did not end; what was pending is not fired"));
}

TEST_CASE("segments are closed by size, and the oldest are removed") {
  const TemporaryDirectory directory;
  RecorderOptions options;
  options.segments.segment_bytes = 2000;
  options.segments.keep_bytes = 6000;
  const std::string text = RecordLines(directory.path(), 0, 200, true, options);
  const std::vector<std::string> names = SegmentsIn(directory.path());
  CHECK(names.size() >= 2);
  CHECK(names.size() <= 5);
  const auto content = ReadRecording(directory.path(), "events");
  REQUIRE(content.ok());
  CHECK(content->bytes.size() < text.size());
  CHECK(text.ends_with(content->bytes));
  REQUIRE(content->notes.size() == 1);
  CHECK(content->notes[0].find("what was before is not kept") != std::string::npos);
}

TEST_CASE("segments are closed and removed by the time over which their events arrived") {
  const TemporaryDirectory directory;
  RecorderOptions options;
  options.segments.segment_time = Duration{10'000};  // ten lines
  options.segments.keep_time = Duration{30'000};
  RecordLines(directory.path(), 0, 100, true, options);
  const std::vector<std::string> names = SegmentsIn(directory.path());
  CHECK(names.front() > "00000000000000000050.orb");
  CHECK(names.size() >= 3);
}

TEST_CASE("another stream, and a directory without segments, are refused") {
  const TemporaryDirectory directory;
  CHECK(RecordingSource::Open(directory.path(), "events", {}).status().code() ==
        absl::StatusCode::kNotFound);
  RecordLines(directory.path(), 0, 3, true);
  const absl::Status status = ReadRecording(directory.path(), "clicks").status();
  CHECK(status.code() == absl::StatusCode::kInvalidArgument);
  CHECK(std::string(status.message())
            .ends_with("found the stream 'events'; right would be "
                       "'clicks', as in the pipeline"));
}

TEST_CASE("two recorders do not share a directory") {
  const TemporaryDirectory directory;
  const auto first = OpenRecordingDirectory(directory.path());
  REQUIRE(first.ok());
  CHECK(OpenRecordingDirectory(directory.path()).status().code() ==
        absl::StatusCode::kFailedPrecondition);
}

TEST_CASE("a missing segment is damage") {
  const TemporaryDirectory directory;
  RecorderOptions options;
  options.segments.segment_bytes = 1000;
  RecordLines(directory.path(), 0, 60, true, options);
  const std::vector<std::string> names = SegmentsIn(directory.path());
  REQUIRE(names.size() > 3);
  std::filesystem::remove(directory.path() + "/" + names[1]);
  CHECK(ReadRecording(directory.path(), "events").status().code() == absl::StatusCode::kDataLoss);
  CHECK(ReadRecording(directory.path(), "events", true).ok());
}

// With every byte of the file changed in turn, then every length: what is read is all, or the
// beginning with a note, or it is refused.
void CheckEveryDamage(const std::string& directory, const std::string& text, bool last_closed) {
  const std::string file = directory + "/" + SegmentsIn(directory).back();
  const std::string whole = ReadFile(file);
  size_t refused = 0, told = 0;
  const auto check = [&] {
    const auto content = ReadRecording(directory, "events");
    if (!content.ok()) {
      CHECK(content.status().code() == absl::StatusCode::kDataLoss);
      ++refused;
      const auto skipping = ReadRecording(directory, "events", true);
      REQUIRE(skipping.ok());
      CHECK(!skipping->notes.empty());
      return;
    }
    CHECK(text.starts_with(content->bytes));
    if (content->bytes.size() == text.size() && content->notes.size() <= !last_closed) return;
    CHECK(!content->notes.empty());
    ++told;
  };
  for (size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ (1 << i % 8));
    WriteFile(file, damaged);
    INFO("byte " << i);
    check();
  }
  CHECK(refused > (last_closed ? whole.size() / 2 : 0));
  for (size_t size = 0; size < whole.size(); ++size) {
    WriteFile(file, whole.substr(0, size));
    INFO("size " << size);
    check();
  }
  CHECK(told > 0);
  WriteFile(file, whole);
}

TEST_CASE("every changed byte and every length is read right, told or refused") {
  for (const int lines : {1, 3}) {
    const TemporaryDirectory directory;
    const std::string text = RecordLines(directory.path(), 0, 12, true, {}, lines);
    CheckEveryDamage(directory.path(), text, true);
    // The same of a segment that was not closed.
    const std::string file = directory.path() + "/" + SegmentsIn(directory.path()).back();
    const std::string whole = ReadFile(file);
    WriteFile(file, whole.substr(0, whole.find(kIndexMagic)));
    CheckEveryDamage(directory.path(), text, false);
  }
}

TEST_CASE("a datagram of many lines is one row, and comes back as it was") {
  const TemporaryDirectory directory;
  RecordLines(directory.path(), 0, 9, true, {}, 40);
  RecordLines(directory.path(), 9, 1, true);
  CHECK(SegmentsIn(directory.path()).back() == "00000000000000000010.orb");  // nine, and the end
  const auto source = RecordingSource::Open(directory.path(), "events", {});
  REQUIRE(source.ok());
  TextBlock block;
  REQUIRE(*(*source)->Next(block));
  REQUIRE(block.arrivals.size() == 1);
  CHECK(block.arrivals[0].kind == ArrivalKind::kRecords);
  CHECK(block.arrivals[0].bytes == Lines(0, 1, 40)[0][0].bytes);
}

TEST_CASE("datagrams are put together only where a record ends") {
  const TemporaryDirectory directory;
  const auto row = [](std::string_view raw, uint64_t line) {
    return RecordedRow{.kind = RecordedKind::kRecords, .raw = raw, .sender = "a", .line = line};
  };
  WriteSegment(directory.path(), {row("1,1\n2,2\n", 1), row("3,3\n", 3), row("4,4", 4),
                                  row("5,5\n", 5), row("6,\"6\n", 6), row("7,7\"\n", 7)});
  const auto source = RecordingSource::Open(directory.path(), "events", {});
  REQUIRE(source.ok());
  TextBlock block;
  REQUIRE(*(*source)->Next(block));
  std::vector<std::string_view> arrivals;
  for (const Arrival& arrival : block.arrivals) arrivals.push_back(arrival.bytes);
  CHECK(arrivals == std::vector<std::string_view>{"1,1\n2,2\n3,3\n4,4", "5,5\n6,\"6\n", "7,7\"\n"});
}

TEST_CASE("recordings with a row for each record of a datagram are read") {
  const TemporaryDirectory directory, whole;
  const auto row = [](RecordedKind kind, std::string_view raw, uint64_t line) {
    return RecordedRow{.kind = kind, .raw = raw, .sender = "a", .line = line};
  };
  const RecordedKind one = RecordedKind::kRecord, last = RecordedKind::kLastRecord;
  WriteSegment(directory.path(),
               {row(one, "1,1\n", 1), row(one, "2,x\n", 2), row(last, "3,3", 3),
                row(one, "4,\"4\"\n", 7), row(last, "5,\"5\n6,6\n", 8), row(one, "7,7\n", 9)});
  const RecordedKind all = RecordedKind::kRecords;
  WriteSegment(whole.path(), {row(all, "1,1\n2,x\n3,3", 1), row(all, "4,\"4\"\n5,\"5\n6,6\n", 7),
                              row(all, "7,7\n", 9)});
  const std::vector<std::string> rows = DecodedRows(directory.path());
  CHECK(rows.size() == 6);
  CHECK(rows == DecodedRows(whole.path()));
}

TEST_CASE("a row of a kind that is not known is refused by its number") {
  const TemporaryDirectory directory;
  WriteSegment(directory.path(), {{.kind = static_cast<RecordedKind>(7), .raw = "1,1\n"}});
  const absl::Status status = ReadRecording(directory.path(), "events").status();
  CHECK(status.code() == absl::StatusCode::kDataLoss);
  CHECK(std::string(status.message()).find("a row of the unknown kind 7") != std::string::npos);
}

TEST_CASE("a block whose rows all have the same large bytes is refused, rather than written out") {
  const TemporaryDirectory directory;
  const std::string large(1 << 20, '1');
  std::vector<Column> columns;
  for (const BlockColumn& column : RecordingSchema().columns) {
    columns.push_back(Column::Make(column.type, 1));
  }
  columns[recorded::kKind].ints[0] = static_cast<int64_t>(RecordedKind::kRecords);
  columns[recorded::kStream].strings[0] = "events";
  columns[recorded::kFormat].strings[0] = "csv";
  columns[recorded::kRaw].strings[0] = large;
  BlockWriter writer(RecordingSchema(), 1);
  for (size_t row = 0; row < 300; ++row) writer.Add(columns, 0);
  std::string block;
  const auto header = writer.Finish(block);
  REQUIRE(header.ok());
  const auto opened = OpenRecordingDirectory(directory.path());
  REQUIRE(opened.ok());
  SegmentWriter segments(**opened, {}, {});
  REQUIRE(segments.Append(*header, block).ok());
  REQUIRE(segments.Close().ok());
  const absl::Status status = ReadRecording(directory.path(), "events").status();
  CHECK(status.code() == absl::StatusCode::kDataLoss);
  CHECK(std::string(status.message()).find("found rows of 314572800 bytes in a block") !=
        std::string::npos);
}

TEST_CASE("recording goes on behind a torn end of any length, and none of what is whole is lost") {
  const TemporaryDirectory directory;
  const std::string text = RecordLines(directory.path(), 0, 6, false);
  const std::string name = SegmentsIn(directory.path())[0];
  const std::string whole = ReadFile(directory.path() + "/" + name);
  for (size_t size = 0; size < whole.size(); size += 13) {
    const TemporaryDirectory copy;
    copy.Write(name, whole.substr(0, size));
    const std::string more = RecordLines(copy.path(), 6, 2, true);
    const auto content = ReadRecording(copy.path(), "events");
    REQUIRE_MESSAGE(content.ok(), content.status().ToString());
    CHECK(content->notes.empty());
    REQUIRE(content->bytes.ends_with(more));
    CHECK(text.starts_with(content->bytes.substr(0, content->bytes.size() - more.size())));
  }
}

TEST_CASE("with --sync each the next block shows that the one before it was safe") {
  const TemporaryDirectory directory;
  RecorderOptions options;
  options.sync.kind = SyncPolicy::Kind::kEach;
  RecordLines(directory.path(), 0, 6, false, options);
  const std::string file = directory.path() + "/" + SegmentsIn(directory.path())[0];
  std::string bytes = ReadFile(file);
  bytes.resize(bytes.find(kIndexMagic));
  const size_t last = bytes.rfind(kBlockMagic);
  bytes[last - 1] ^= 1;
  WriteFile(file, bytes);
  CHECK(ReadRecording(directory.path(), "events").status().code() == absl::StatusCode::kDataLoss);
}

TEST_CASE("recording does not go on behind damage") {
  const TemporaryDirectory directory;
  RecordLines(directory.path(), 0, 6, false);
  const std::string file = directory.path() + "/" + SegmentsIn(directory.path())[0];
  std::string bytes = ReadFile(file);
  bytes[kFileHeaderSize + 70] ^= 1;
  WriteFile(file, bytes);
  ReceivedSource source(Lines(0, 1));
  const absl::Status status = RecordSource(source, LineStream(), Format::kCsv, directory.path());
  CHECK(status.code() == absl::StatusCode::kDataLoss);
  CHECK(std::string(status.message()).find(file + ": at byte 16: ") == 0);
}

TEST_SUITE_END();

}  // namespace onrush
