#include "core/block/file_writer.h"

#include <string>
#include <vector>

#include "core/block/block_view.h"
#include "doctest/doctest.h"
#include "tests/support/random_block.h"

namespace onrush {
namespace {

FileWriter::Output Into(std::string& file) {
  return [&file](std::string_view bytes) {
    file += bytes;
    return absl::OkStatus();
  };
}

// The index of a whole file, found from its end.
absl::StatusOr<FileIndex> IndexOf(std::string_view file) {
  if (file.size() < kTrailerSize) return absl::NotFoundError("");
  const auto begin = ReadTrailer(file.substr(file.size() - kTrailerSize));
  if (!begin.ok()) return begin.status();
  if (*begin > file.size()) return absl::DataLossError("");
  return ReadIndex(file.substr(*begin));
}

std::vector<std::string> RowsOf(std::string_view file, const FileIndex& index) {
  std::vector<std::string> rows;
  BlockView view;
  for (const BlockEntry& entry : index.blocks) {
    const PaddedBytes block(file.substr(entry.offset, entry.size));
    REQUIRE(view.Open(block.view()).ok());
    CHECK(view.row_count() == entry.row_count);
    CHECK(view.header().has_times == entry.has_times);
    CHECK(view.header().min_time == entry.min_time);
    for (std::string& row : RowTexts(view)) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

TEST_SUITE_BEGIN("core/block/file_writer");

TEST_CASE("a file is found from its end, and can be gone on with") {
  std::vector<std::string> texts;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    RandomSource random(seed);
    const RandomBlock rows = MakeRandomBlock(random, 100, texts);
    const FileWriterOptions options{.zstd_level = static_cast<int>(seed % 2),
                                    .block_rows = 1 + random.Below(50)};
    INFO("seed " << seed);
    std::string file;
    FileWriter writer(rows.schema, options, Into(file));
    std::vector<std::string> expected;
    for (size_t row = 0; row < rows.rows; ++row) {
      REQUIRE(writer.Add(rows.columns, row).ok());
      expected.push_back(RowText(rows.columns, row));
    }
    REQUIRE(writer.Close().ok());
    CHECK(CheckFileHeader(file).ok());
    const absl::StatusOr<FileIndex> index = IndexOf(file);
    REQUIRE(index.ok());
    CHECK(*index == writer.index());
    CHECK(index->row_count() == rows.rows);
    CHECK(RowsOf(file, *index) == expected);

    file.resize(index->end());
    FileWriter more(rows.schema, options, Into(file), *index);
    for (size_t row = 0; row < rows.rows; ++row) {
      REQUIRE(more.Add(rows.columns, row).ok());
      expected.push_back(RowText(rows.columns, row));
    }
    REQUIRE(more.Close().ok());
    const absl::StatusOr<FileIndex> longer = IndexOf(file);
    REQUIRE(longer.ok());
    CHECK(RowsOf(file, *longer) == expected);
  }
}

TEST_CASE("every flipped byte and every cut of an index is noticed") {
  FileIndex index;
  BlockHeader header;
  for (uint32_t i = 0; i < 3; ++i) {
    header.row_count = i;
    header.schema_size = 10 + i;
    index.Add(header);
  }
  std::string bytes;
  AppendIndex(index, bytes);
  CHECK(bytes.size() == IndexSize(3));
  REQUIRE(ReadIndex(bytes).ok());
  CHECK(*ReadIndex(bytes) == index);
  for (size_t at = 0; at < bytes.size(); ++at) {
    std::string flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ 4);
    CHECK(ReadIndex(flipped).status().code() == absl::StatusCode::kDataLoss);
    CHECK(ReadIndex(bytes.substr(0, at)).status().code() == absl::StatusCode::kDataLoss);
  }
}

TEST_CASE("a file header is the magic number and the version") {
  std::string header;
  AppendFileHeader(header);
  REQUIRE(header.size() == kFileHeaderSize);
  CHECK(CheckFileHeader(header).ok());
  for (size_t at = 0; at < header.size(); ++at) {
    std::string flipped = header;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    CHECK(CheckFileHeader(flipped).code() == absl::StatusCode::kDataLoss);
    CHECK(CheckFileHeader(header.substr(0, at)).code() == absl::StatusCode::kDataLoss);
  }
}

TEST_SUITE_END();

}  // namespace onrush
