#include "ingest/recording/recorded_block.h"

#include <optional>
#include <string>
#include <vector>

#include "core/block/block_view.h"
#include "doctest/doctest.h"
#include "fmt/format.h"
#include "tests/support/random_source.h"

namespace onrush {
namespace {

StreamPlan NamedStream() {
  StreamPlan stream;
  stream.name = "events";
  return stream;
}

struct OwnedRow {
  RecordedRow row;
  std::string raw;
  std::string sender;
  RecordedRow view() const {
    RecordedRow viewed = row;
    viewed.raw = raw;
    viewed.sender = sender;
    return viewed;
  }
};

std::vector<OwnedRow> RandomRows(RandomSource& random, size_t count) {
  const uint64_t longest = random.Percent(50) ? 300 : 70'000;
  std::vector<OwnedRow> rows;
  for (size_t i = 0; i < count; ++i) {
    OwnedRow row;
    row.row.kind = static_cast<RecordedKind>(random.Below(7));
    row.row.arrived_ns = static_cast<int64_t>(random.Below(1'000'000));
    row.row.line = random.Below(uint64_t{1} << 62);
    row.raw.assign(random.Below(count > 1000 ? 3 : longest), static_cast<char>('a' + i % 26));
    row.sender = random.Percent(10) ? "" : fmt::format("0123456789abcdef@{}", random.Below(3));
    rows.push_back(row);
  }
  return rows;
}

// What is there is that.
void CheckBlock(const RecordedBlock::Finished& finished, const std::vector<OwnedRow>& rows,
                std::optional<uint64_t> safe_rows) {
  const std::string padded = std::string(finished.bytes) + std::string(BlockView::kPadding, '\0');
  const std::string_view bytes = std::string_view(padded).substr(0, finished.bytes.size());
  const auto header = ReadBlockHeader(bytes);
  REQUIRE(header.ok());
  CHECK(*header == finished.header);
  BlockView view;
  const absl::Status opened = view.Open(bytes);
  REQUIRE_MESSAGE(opened.ok(), opened.ToString());
  CHECK(view.schema() == RecordingSchema());
  REQUIRE(view.row_count() == rows.size());
  std::vector<Column> columns;
  for (const BlockColumn& column : RecordingSchema().columns) {
    columns.push_back(Column::Make(column.type, rows.size()));
    view.columns()[columns.size() - 1].Copy(0, rows.size(), columns.back(), 0);
  }
  for (size_t i = 0; i < rows.size(); ++i) {
    const RecordedRow row = rows[i].view();
    REQUIRE(columns[recorded::kArrived].ints[i] == row.arrived_ns);
    REQUIRE(columns[recorded::kKind].ints[i] == static_cast<int64_t>(row.kind));
    REQUIRE(columns[recorded::kStream].strings[i] == "events");
    REQUIRE(columns[recorded::kFormat].strings[i] == "csv");
    REQUIRE(columns[recorded::kSender].strings[i] == row.sender);
    REQUIRE(columns[recorded::kLine].ints[i] == static_cast<int64_t>(row.line));
    REQUIRE((columns[recorded::kSafeRows].nulls[i] == 0) == safe_rows.has_value());
    if (safe_rows) {
      REQUIRE(columns[recorded::kSafeRows].ints[i] == static_cast<int64_t>(*safe_rows));
    }
    REQUIRE(columns[recorded::kRaw].strings[i] == row.raw);
  }
}

TEST_SUITE_BEGIN("ingest/recording/recorded_block");

TEST_CASE("rows are read as they were added, block after block") {
  RandomSource random(3);
  for (const int zstd_level : {0, 3}) {
    RecordedBlock block(NamedStream(), Format::kCsv, zstd_level);
    // With 20,000 rows what stands before their bytes is longer than the gap.
    for (const size_t count : {5, 1, 0, 40, 200, 20'000, 7}) {
      CAPTURE(count);
      const std::vector<OwnedRow> rows = RandomRows(random, count);
      for (const OwnedRow& row : rows) block.Add(row.view());
      CHECK(block.row_count() == count);
      std::optional<uint64_t> safe_rows;
      if (random.Percent(70)) safe_rows = random.Below(1000);
      const auto finished = block.Finish(safe_rows);
      REQUIRE(finished.ok());
      CHECK(block.row_count() == 0);
      CHECK_FALSE(block.IsFull(1));
      CheckBlock(*finished, rows, safe_rows);
    }
  }
}

TEST_CASE("columns are compressed if that makes them smaller") {
  RecordedBlock block(NamedStream(), Format::kCsv, 3);
  const std::string same(500, 'z');
  block.Add({.raw = same});
  CHECK(block.Finish()->header.stored_size < same.size());
  std::string noise;
  RandomSource random(4);
  while (noise.size() < 5000) noise += static_cast<char>(random.Below(256));
  block.Add({.raw = noise});
  const auto finished = block.Finish();
  CHECK(finished->header.stored_size > noise.size());
  CHECK(finished->bytes.ends_with(noise));
}

TEST_CASE("it is full by bytes or by rows") {
  RecordedBlock block(NamedStream(), Format::kCsv, 0);
  CHECK_FALSE(block.IsFull(1));
  block.Add({.raw = "abc"});
  CHECK(block.IsFull(3));
  CHECK_FALSE(block.IsFull(1000));
  for (int i = 0; i < 40'000 && !block.IsFull(SIZE_MAX); ++i) block.Add({});
  CHECK(block.row_count() == 32 * 1024);
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
