#include "ingest/orb_stream.h"

#include <cstdint>
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "tests/support/orb_file.h"

namespace onrush {

TEST_SUITE_BEGIN("ingest/orb_stream");

TEST_CASE("a file has its rows, and is closed") {
  std::vector<std::string> texts;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    RandomSource random(seed);
    const RandomBlock rows = MakeRandomBlock(random, 200, texts);
    const auto content =
        ReadOrbFile(OrbFile(rows, 1 + random.Below(70), static_cast<int>(seed % 2)));
    INFO("seed " << seed);
    REQUIRE(content.ok());
    CHECK(content->closed);
    REQUIRE(content->rows.size() == rows.rows);
    for (size_t row = 0; row < rows.rows; ++row) {
      CHECK(content->rows[row] == RowText(rows.columns, row));
    }
  }
}

TEST_CASE("every flipped byte is damage, or is no difference") {
  std::vector<std::string> texts;
  for (uint64_t seed = 0; seed < 6; ++seed) {
    RandomSource random(seed);
    const std::string file = OrbFile(MakeRandomBlock(random, 20, texts), 8, seed % 2 == 0 ? 0 : 1);
    for (size_t at = 0; at < file.size(); ++at) {
      for (const int mask : {1, 0x80, 0xFF}) {
        std::string flipped = file;
        flipped[at] = static_cast<char>(flipped[at] ^ mask);
        const auto content = ReadOrbFile(flipped);
        INFO("seed " << seed << " at " << at);
        REQUIRE(content.status().code() == absl::StatusCode::kDataLoss);
        CHECK(content.status().message().find("f.orb: at byte ") == 0);
      }
    }
  }
}

TEST_CASE("every cut leaves a beginning of the rows, and the file is not closed") {
  std::vector<std::string> texts;
  for (uint64_t seed = 0; seed < 6; ++seed) {
    RandomSource random(seed);
    const std::string file = OrbFile(MakeRandomBlock(random, 20, texts), 4);
    const auto whole = ReadOrbFile(file);
    REQUIRE(whole.ok());
    for (size_t size = 0; size < file.size(); ++size) {
      const auto content = ReadOrbFile(file.substr(0, size));
      INFO("seed " << seed << " size " << size);
      if (size < kFileHeaderSize) {
        CHECK(content.status().code() == absl::StatusCode::kDataLoss);
        continue;
      }
      REQUIRE(content.ok());
      CHECK(!content->closed);
      REQUIRE(content->rows.size() <= whole->rows.size());
      CHECK(std::equal(content->rows.begin(), content->rows.end(), whole->rows.begin()));
    }
  }
}

TEST_CASE("bytes after the index are damage, and so is an index of other blocks") {
  std::vector<std::string> texts;
  RandomSource random(1);
  const RandomBlock rows = MakeRandomBlock(random, 20, texts);
  const std::string file = OrbFile(rows, 3);
  CHECK(ReadOrbFile(file + "x").status().code() == absl::StatusCode::kDataLoss);
  const auto index_begin = ReadTrailer(std::string_view(file).substr(file.size() - kTrailerSize));
  REQUIRE(index_begin.ok());
  std::string other = file.substr(0, *index_begin);
  FileIndex index;
  AppendIndex(index, other);
  CHECK(ReadOrbFile(other).status().code() == absl::StatusCode::kDataLoss);
}

TEST_SUITE_END();

}  // namespace onrush
