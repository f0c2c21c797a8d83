#include "core/block/block_view.h"

#include <cstdint>
#include <string>
#include <vector>

#include "core/block/block_writer.h"
#include "core/block/little_endian.h"
#include "doctest/doctest.h"
#include "fmt/format.h"
#include "tests/support/random_block.h"

namespace onrush {
namespace {

RandomBlock OneColumn(ValueType type, size_t rows) {
  RandomBlock block;
  block.schema.columns = {{"c", type}};
  block.columns.push_back(Column::Make(type, rows));
  block.rows = rows;
  return block;
}

absl::Status OpenBytes(const std::string& bytes, BlockView& view) {
  const PaddedBytes padded(bytes);
  return view.Open(padded.view());
}

}  // namespace

TEST_SUITE_BEGIN("core/block/block_view");

TEST_CASE("a block has the columns and rows that were written, in any slices") {
  std::vector<std::string> texts;
  BlockView view;
  for (uint64_t seed = 0; seed < 400; ++seed) {
    RandomSource random(seed);
    const RandomBlock block = MakeRandomBlock(random, seed % 20 == 0 ? 3000 : 40, texts);
    const PaddedBytes bytes(WriteBlock(block, seed % 3 == 0 ? 3 : 0));
    INFO("seed " << seed);
    REQUIRE(view.Open(bytes.view()).ok());
    CHECK(view.schema() == block.schema);
    REQUIRE(view.row_count() == block.rows);
    std::vector<Column> slice;
    for (const ColumnView& column : view.columns())
      slice.push_back(Column::Make(column.type(), 64));
    for (size_t first = 0; first < block.rows;) {
      const size_t count = std::min<size_t>(1 + random.Below(60), block.rows - first);
      for (size_t i = 0; i < slice.size(); ++i) view.columns()[i].Copy(first, count, slice[i], 2);
      for (size_t row = 0; row < count; ++row) {
        REQUIRE(RowText(slice, 2 + row) == RowText(block.columns, first + row));
      }
      first += count;
    }
  }
}

TEST_CASE("the header tells the range of times, nulls left out") {
  RandomBlock block = OneColumn({TypeKind::kTimestamp}, 4);
  block.schema.time_column = 0;
  block.columns[0].ints = {5, -7, 1'000'000'000'000, 99};
  block.columns[0].nulls = {0, 0, 1, 0};
  BlockView view;
  REQUIRE(OpenBytes(WriteBlock(block), view).ok());
  CHECK(view.header().has_times);
  CHECK(view.header().min_time == -7);
  CHECK(view.header().max_time == 99);
  block.columns[0].nulls = {1, 1, 1, 1};
  REQUIRE(OpenBytes(WriteBlock(block), view).ok());
  CHECK(!view.header().has_times);
}

TEST_CASE("columns take as many bytes as they need") {
  constexpr size_t kRows = 1000;
  RandomBlock constant = OneColumn({TypeKind::kInt}, kRows);
  RandomBlock steps = OneColumn({TypeKind::kInt}, kRows);
  RandomBlock times = OneColumn({TypeKind::kTimestamp}, kRows);
  RandomBlock repeated = OneColumn({}, kRows);
  RandomBlock alike = OneColumn({}, kRows);
  std::string texts;
  for (size_t row = 0; row < kRows; ++row) texts += fmt::format("{:08}", row * 7919);
  for (size_t row = 0; row < kRows; ++row) {
    constant.columns[0].ints[row] = INT64_MIN;
    steps.columns[0].ints[row] = INT64_MAX - static_cast<int64_t>(row);
    times.columns[0].ints[row] = static_cast<int64_t>(row * row % 60'000) * 1'000'000 - 77;
    alike.columns[0].strings[row] = std::string_view(texts).substr(8 * row, 8);
    repeated.columns[0].strings[row] = row % 2 == 0 ? "/products/1" : "/products/2";
  }
  constexpr size_t kAround = 64 + 4 + 4 + 1 + 16 + 8;  // headers and the schema
  CHECK(WriteBlock(constant).size() == kAround + 16);
  CHECK(WriteBlock(steps).size() == kAround + 16 + 2 * kRows);
  CHECK(WriteBlock(times).size() == kAround + 16 + 2 * kRows);
  CHECK(WriteBlock(repeated).size() == kAround + 5 + 2 + 22 + kRows);
  CHECK(WriteBlock(alike).size() == kAround + 4 + 8 * kRows);
  CHECK(WriteBlock(repeated, 3).size() < kAround + 100);
}

TEST_CASE("a dictionary has each text once, and another number in every block") {
  RandomBlock block = OneColumn({}, 100);
  for (size_t row = 0; row < 100; ++row) {
    block.columns[0].strings[row] = row % 3 == 0 ? "/products/1" : "/products/2";
  }
  BlockView view;
  const PaddedBytes bytes(WriteBlock(block));
  REQUIRE(view.Open(bytes.view()).ok());
  const TextDictionary* const dictionary = view.columns()[0].dictionary();
  REQUIRE(dictionary != nullptr);
  CHECK(dictionary->entries == std::vector<std::string_view>{"/products/1", "/products/2"});
  std::vector<uint32_t> codes(3);
  view.columns()[0].CopyCodes(2, 3, codes.data());
  CHECK(codes == std::vector<uint32_t>{1, 0, 1});
  CHECK(!view.columns()[0].may_be_empty());
  const uint64_t number = dictionary->number;
  REQUIRE(view.Open(bytes.view()).ok());
  CHECK(view.columns()[0].dictionary()->number != number);
}

TEST_CASE("columns that are not wanted need not be there, and the others are as they are") {
  std::vector<std::string> texts;
  BlockView whole, view;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    RandomSource random(seed);
    const RandomBlock block = MakeRandomBlock(random, 300, texts);
    const std::string bytes = WriteBlock(block, seed % 2 == 0 ? 0 : 3);
    const PaddedBytes padded(bytes);
    REQUIRE(whole.Open(padded.view()).ok());
    std::vector<bool> wanted;
    for (size_t i = 0; i < block.columns.size(); ++i) wanted.push_back(random.Percent(50));
    // All bytes of the others are overwritten.
    std::string torn = bytes;
    std::vector<StoredColumn> table;
    const BlockHeader& header = whole.header();
    REQUIRE(ReadColumnTable(header,
                            std::string_view(bytes).substr(kBlockHeaderSize + header.schema_size,
                                                           header.table_size()),
                            table)
                .ok());
    size_t begin = kBlockHeaderSize + header.head_size();
    for (size_t i = 0; i < table.size(); begin += table[i].stored_size, ++i) {
      if (!wanted[i]) torn.replace(begin, table[i].stored_size, table[i].stored_size, '?');
    }
    const ColumnFilter filter = [&](const BlockColumn& column) {
      return wanted[*block.schema.Find(column.name)];
    };
    const PaddedBytes padded_torn(torn);
    INFO("seed " << seed);
    REQUIRE(view.Open(padded_torn.view(), filter).ok());
    REQUIRE(view.row_count() == block.rows);
    for (size_t i = 0; i < wanted.size(); ++i) {
      if (!wanted[i]) continue;
      const std::vector<Column> expected{block.columns[i]};
      std::vector<Column> read{Column::Make(block.schema.columns[i].type, block.rows + 1)};
      view.columns()[i].Copy(0, block.rows, read[0], 0);
      for (size_t row = 0; row < block.rows; ++row) {
        REQUIRE(RowText(read, row) == RowText(expected, row));
      }
    }
  }
}

TEST_CASE("every flipped byte and every cut is noticed") {
  std::vector<std::string> texts;
  BlockView view;
  for (uint64_t seed = 0; seed < 12; ++seed) {
    RandomSource random(seed);
    const std::string bytes = WriteBlock(MakeRandomBlock(random, 12, texts), seed % 2 == 0 ? 0 : 3);
    INFO("seed " << seed);
    for (size_t at = 0; at < bytes.size(); ++at) {
      for (const int mask : {1, 0x80, 0xFF}) {
        std::string flipped = bytes;
        flipped[at] = static_cast<char>(flipped[at] ^ mask);
        REQUIRE(OpenBytes(flipped, view).code() == absl::StatusCode::kDataLoss);
        REQUIRE(view.row_count() == 0);
      }
      REQUIRE(OpenBytes(bytes.substr(0, at), view).code() == absl::StatusCode::kDataLoss);
    }
    CHECK(OpenBytes(bytes + '\0', view).code() == absl::StatusCode::kDataLoss);
    CHECK(OpenBytes(bytes, view).ok());
  }
}

TEST_CASE("bytes that are wrong under right checksums are refused or read, never believed") {
  std::vector<std::string> texts;
  BlockView view;
  size_t refused = 0, read = 0;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    RandomSource random(seed);
    const std::string bytes = WriteBlock(MakeRandomBlock(random, 12, texts));
    for (size_t at = 0; at < bytes.size(); ++at) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(random.Below(256));
      Reseal(changed);
      const PaddedBytes padded(changed);
      if (view.Open(padded.view()).ok()) {
        read += RowTexts(view).size() == view.row_count();
      } else {
        ++refused;
      }
    }
  }
  CHECK(refused > 1000);
  CHECK(read > 1000);
}

TEST_SUITE_END();

}  // namespace onrush
