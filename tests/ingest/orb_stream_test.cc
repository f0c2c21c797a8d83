#include "ingest/orb_stream.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "doctest/doctest.h"
#include "tests/support/orb_file.h"

namespace onrush {
namespace {

// A text whose bytes can be passed over.
class SkippingStream : public ByteStream {
 public:
  explicit SkippingStream(std::string text) : text_(std::move(text)) {}
  absl::StatusOr<size_t> Read(char* to, size_t size) override {
    size = std::min(size, text_.size() - at_);
    text_.copy(to, size, at_);
    at_ += size;
    return size;
  }
  absl::StatusOr<uint64_t> Skip(uint64_t size) override {
    size = std::min<uint64_t>(size, text_.size() - at_);
    at_ += size;
    return size;
  }

 private:
  const std::string text_;
  size_t at_ = 0;
};

}  // namespace

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

TEST_CASE("large columns that are not asked for are passed over") {
  constexpr size_t kRows = 3000;
  RandomBlock rows;
  rows.rows = kRows;
  for (const std::string name : {"a", "b", "c", "d"}) {
    rows.schema.columns.push_back({name, {TypeKind::kFloat}});
    rows.columns.push_back(Column::Make({TypeKind::kFloat}, kRows));
  }
  for (size_t row = 0; row < kRows; ++row) {
    for (Column& column : rows.columns) column.floats[row] = static_cast<double>(row);
  }
  const std::string file = OrbFile(rows, kRows / 2);  // two blocks of 12,008 bytes a column
  const auto read = [&](const std::string& bytes, const std::vector<bool>& columns) {
    OrbStream stream(std::make_unique<SkippingStream>(bytes), "f.orb");
    std::string got;
    while (*stream.Next()) {
      std::string block(stream.header().block_size() + BlockView::kPadding, '?');
      if (!*stream.Read(block.data(), &columns)) break;
      BlockView view;
      const size_t size = stream.header().block_size();
      REQUIRE(view.Open(std::string_view(block).substr(0, size),
                        [&](const BlockColumn& column) {
                          return columns[static_cast<size_t>(column.name[0] - 'a')];
                        })
                  .ok());
      const size_t head = kBlockHeaderSize + stream.header().head_size();
      for (size_t i = 0; i < columns.size(); ++i)
        got += block[head + i * 12'008 + 100] == '?' ? '-' : '+';
      got += ' ';
    }
    return got + (stream.end() == OrbStream::End::kClosed ? "closed" : "torn");
  };
  CHECK(read(file, {true, true, true, true}) == "++++ ++++ closed");
  CHECK(read(file, {true, false, true, true}) == "++++ ++++ closed");  // not large enough
  CHECK(read(file, {true, false, false, true}) == "+--+ +--+ closed");
  CHECK(read(file, {false, false, true, false}) == "--++ --++ closed");
  CHECK(read(file, {true, false, false, false}) == "+--- +--- closed");
  CHECK(read(file.substr(0, 60'000), {true, false, false, false}) == "+--- torn");
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
