#include "ingest/arrival_decoder.h"

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/block/block_writer.h"
#include "core/runtime/batch_preparer.h"
#include "doctest/doctest.h"
#include "fmt/format.h"
#include "ingest/open.h"
#include "tests/support/decode_all.h"
#include "tests/support/random_block.h"

namespace onrush {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

// Arrivals with bytes of their own, in one block.
class Arrivals {
 public:
  Arrivals& Add(ArrivalKind kind, std::string bytes, std::string_view sender, uint64_t line = 1) {
    sizes_.push_back(bytes.size());
    bytes.append(TextBlock::kPadding, '\0');
    bytes_.push_back(std::move(bytes));
    block_.arrivals.push_back({kind, {}, sender, 10 * kSecond, line});
    return *this;
  }
  const TextBlock& block() {
    for (size_t i = 0; i < bytes_.size(); ++i) {
      block_.arrivals[i].bytes = {bytes_[i].data(), sizes_[i]};
    }
    block_.first_of_input = true;
    return block_;
  }

 private:
  std::vector<std::string> bytes_;
  std::vector<size_t> sizes_;
  TextBlock block_;
};

StreamPlan Stream() {
  StreamPlan stream =
      MakeStream({{"t", {TypeKind::kTimestamp}}, {"s", {}}, {"n", {TypeKind::kInt}}});
  stream.format = Format::kCsv;
  return stream;
}

// A block with the columns of Stream(); its one row is at `seconds`.
std::string PackedBlock(int64_t seconds) {
  BlockSchema schema;
  schema.columns = {{"n", {TypeKind::kInt}}, {"t", {TypeKind::kTimestamp}}, {"s", {}}};
  schema.time_column = 1;
  std::vector<Column> columns;
  for (const BlockColumn& column : schema.columns) columns.push_back(Column::Make(column.type, 1));
  columns[0].ints = {7};
  columns[1].ints = {seconds * kSecond};
  columns[2].strings = {"packed"};
  BlockWriter writer(schema);
  writer.Add(columns, 0);
  std::string bytes;
  REQUIRE(writer.Finish(bytes).ok());
  return bytes;
}

// A block of `rows` rows at second 0, 1, 2 …, whose texts are few, so that they have a dictionary.
std::string RepetitiveBlock(const std::string& text, size_t rows, int zstd_level) {
  BlockSchema schema;
  schema.columns = {{"n", {TypeKind::kInt}}, {"t", {TypeKind::kTimestamp}}, {"s", {}}};
  schema.time_column = 1;
  std::vector<std::string> texts;
  for (size_t i = 0; i < 4; ++i) texts.push_back(text + std::to_string(i));
  std::vector<Column> columns;
  for (const BlockColumn& column : schema.columns)
    columns.push_back(Column::Make(column.type, rows));
  BlockWriter writer(schema, zstd_level);
  for (size_t row = 0; row < rows; ++row) {
    columns[0].ints[row] = 7;
    columns[1].ints[row] = static_cast<int64_t>(row) * kSecond;
    columns[2].strings[row] = texts[row % 4];
    writer.Add(columns, row);
  }
  std::string bytes;
  REQUIRE(writer.Finish(bytes).ok());
  return bytes;
}

// "sender:line time s n", or the reason and the record of a bad row; batches of `rows` rows.
std::vector<std::string> Decode(const StreamPlan& stream, const TextBlock& block, size_t rows) {
  const auto decoder = MakeDecoder(stream, Format::kArrivals);
  REQUIRE(decoder.ok());
  REQUIRE((*decoder)->Start(block).ok());
  EventBatch batch(stream, 0, rows);
  std::vector<std::string> lines;
  for (bool more = true; more;) {
    batch.Clear();
    more = (*decoder)->Decode(batch);
    for (size_t row = 0; row < batch.size; ++row) {
      std::string text = fmt::format("{}:{} ", batch.FileOf(row), batch.lines.Of(row));
      std::string scratch;
      for (const EventBatch::BadRow& bad : batch.bad_rows) {
        if (bad.row == row)
          text += bad.reason + " [" + std::string(batch.Record(row, scratch)) + "]";
      }
      if (batch.bad[row] == 0) {
        text += fmt::format("{} {} {} [{}]", batch.times()[row] / kSecond,
                            batch.columns[1].strings[row], batch.columns[2].ints[row],
                            batch.Record(row, scratch));
      }
      lines.push_back(text);
    }
  }
  return lines;
}

}  // namespace

TEST_SUITE_BEGIN("ingest/arrival_decoder");

TEST_CASE("texts with their header, datagrams without, and packed blocks make one batch") {
  Arrivals arrivals;
  arrivals.Add(ArrivalKind::kText, "n,t,s\n1,5,a\n", "in.csv")
      .Add(ArrivalKind::kRecords, "6,b,2\n7,c,x", "udp 1", 40)
      .Add(ArrivalKind::kBlock, PackedBlock(8), "udp 2", 50)
      .Add(ArrivalKind::kText, "3,9,d\n\n4,9,e", "in.csv", 3)
      .Add(ArrivalKind::kRecords, "", "udp 1", 42)
      .Add(ArrivalKind::kRecords, "10,f,5\r\n", "udp 1", 42);
  const std::vector<std::string> expected = {
      "in.csv:2 5 a 1 [1,5,a]",
      "udp 1:40 6 b 2 [6,b,2]",
      "udp 1:41 n: not a number: 'x' [7,c,x]",
      "udp 2:50 8 packed 7 [{\"n\":7,\"t\":\"1970-01-01T00:00:08Z\",\"s\":\"packed\"}]",
      "in.csv:3 9 d 3 [3,9,d]",
      "in.csv:5 9 e 4 [4,9,e]",
      "udp 1:42 10 f 5 [10,f,5]"};
  for (const size_t rows : {1, 2, 3, 100})
    CHECK(Decode(Stream(), arrivals.block(), rows) == expected);
}

TEST_CASE("batches of packed blocks outlive them: compressed texts, dictionaries, damage") {
  constexpr size_t kRows = 300;
  for (const int zstd_level : {0, 3}) {
    for (const size_t batch_rows : {64, 200, 1'000}) {
      CAPTURE(zstd_level);
      CAPTURE(batch_rows);
      Arrivals arrivals;
      std::string damaged = RepetitiveBlock("damaged ", kRows, zstd_level);
      damaged[damaged.size() / 2] ^= 1;
      arrivals.Add(ArrivalKind::kBlock, RepetitiveBlock("first text ", kRows, zstd_level), "udp 1")
          .Add(ArrivalKind::kRecords, "1,line,2", "udp 1")
          .Add(ArrivalKind::kBlock, RepetitiveBlock("another ", kRows, zstd_level), "udp 2")
          .Add(ArrivalKind::kBlock, damaged, "udp 3")
          .Add(ArrivalKind::kBlock, RepetitiveBlock("the last ", kRows, zstd_level), "udp 4");
      const StreamPlan stream = Stream();
      const auto decoder = MakeDecoder(stream, Format::kArrivals);
      REQUIRE(decoder.ok());
      REQUIRE((*decoder)->Start(arrivals.block()).ok());
      // All are decoded before any of them is read.
      std::vector<std::unique_ptr<EventBatch>> batches;
      for (bool more = true; more;) {
        batches.push_back(std::make_unique<EventBatch>(stream, 0, batch_rows));
        more = (*decoder)->Decode(*batches.back());
      }
      std::vector<std::string> texts, expected;
      for (const std::unique_ptr<EventBatch>& batch : batches) {
        CHECK(batch->columns[1].dictionary == nullptr);
        for (size_t row = 0; row < batch->size; ++row) {
          texts.push_back(batch->bad[row] != 0 ? "bad"
                                               : std::string(batch->columns[1].strings[row]));
        }
      }
      const auto expect = [&](const std::string& text) {
        for (size_t row = 0; row < kRows; ++row) expected.push_back(text + std::to_string(row % 4));
      };
      expect("first text ");
      expected.push_back("line");
      expect("another ");
      expected.push_back("bad");
      expect("the last ");
      CHECK(texts == expected);
    }
  }
}

TEST_CASE("rows that lie in a range of time keep their lines") {
  StreamPlan ranged = Stream();
  ranged.replay_from = EventTime{3 * kSecond};
  ranged.replay_until = EventTime{7 * kSecond};
  std::mt19937_64 random(1);
  for (int round = 0; round < 200; ++round) {
    Arrivals arrivals;
    std::vector<std::string> expected;
    for (uint64_t arrival = random() % 6; arrival-- > 0;) {
      const uint64_t first_line = 1 + random() % 100;
      std::string text;
      for (uint64_t line = 0; line < random() % 6; ++line) {
        const uint64_t time = random() % 10;
        const std::string record = fmt::format("{},a,1", time);
        text += record + (random() % 4 == 0 ? "\r\n" : "\n");
        if (time < 3 || time >= 7) continue;
        expected.push_back(fmt::format("udp:{} {} a 1 [{}]", first_line + line, time, record));
      }
      arrivals.Add(ArrivalKind::kRecords, text, "udp", first_line);
    }
    for (const size_t rows : {1, 2, 3, 100}) {
      REQUIRE(Decode(ranged, arrivals.block(), rows) == expected);
    }
  }
}

TEST_CASE("a block that cannot be read is one bad event") {
  std::string damaged = PackedBlock(8);
  damaged.back() ^= 1;
  Arrivals arrivals;
  arrivals.Add(ArrivalKind::kBlock, damaged, "udp", 5).Add(ArrivalKind::kBlock, "", "udp", 6);
  const std::vector<std::string> lines = Decode(Stream(), arrivals.block(), 10);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].starts_with("udp:5 udp: at byte 0: "));
  CHECK(lines[0].ends_with(damaged + "]"));
  CHECK(lines[1] == "udp:6 an empty block []");
}

TEST_CASE("a wrong header is told before anything is decoded") {
  Arrivals arrivals;
  arrivals.Add(ArrivalKind::kText, "n,t\n", "in.csv");
  const auto decoder = MakeDecoder(Stream(), Format::kArrivals);
  CHECK((*decoder)->Start(arrivals.block()).code() == absl::StatusCode::kInvalidArgument);
}

TEST_CASE("max_ahead refuses events that happened after they arrived") {
  Plan plan;
  plan.streams = {Stream()};
  plan.streams[0].max_ahead = Duration{2 * kSecond};
  Arrivals arrivals;
  arrivals.Add(ArrivalKind::kRecords, "12,a,1\n13,b,2\n", "udp");
  BatchPreparer preparer(plan, 0, 1);
  PreparedBatch batch = preparer.NewBatch(4, 1);
  const auto decoder = MakeDecoder(plan.streams[0], Format::kArrivals);
  REQUIRE((*decoder)->Start(arrivals.block()).ok());
  (*decoder)->Decode(batch.events);
  preparer.Prepare(batch);
  REQUIRE(batch.events.bad_rows.size() == 1);
  CHECK(batch.events.bad_rows[0].reason ==
        "t: 1970-01-01T00:00:13Z is more than max_ahead after the arrival at 1970-01-01T00:00:10Z");
}

TEST_SUITE_END();

}  // namespace onrush
