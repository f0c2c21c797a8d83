#include "ingest/block_reader.h"

#include <memory>
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "fmt/format.h"
#include "ingest/memory_source.h"

namespace onrush {
namespace {

// The blocks of some inputs, each as `number:first_line:text`, with ^ before the first of an input
// and $ after the last.
std::vector<std::string> Blocks(std::vector<MemorySource::Input> inputs, Format format,
                                const BlockOptions& options) {
  std::unique_ptr<MemorySource> source =
      *MemorySource::Create(std::move(inputs), format, ',', options);
  std::vector<std::string> blocks;
  TextBlock block;
  while (true) {
    const absl::StatusOr<bool> more = source->Next(block);
    if (!more.ok()) {
      blocks.emplace_back(more.status().message());
      return blocks;
    }
    if (!*more) break;
    blocks.push_back(fmt::format("{}:{}:{}{}{}", block.number, block.first_line,
                                 block.first_of_input ? "^" : "", block.text,
                                 block.last_of_input ? "$" : ""));
  }
  CHECK(source->bytes_read() == source->bytes_total());
  return blocks;
}
std::vector<std::string> Blocks(const std::string& text, Format format, size_t block_bytes,
                                size_t max_record_bytes = 1024) {
  BlockOptions options;
  options.block_bytes = block_bytes;
  options.max_record_bytes = max_record_bytes;
  return Blocks({{"in", text}}, format, options);
}
using Texts = std::vector<std::string>;

// A stream that gives its bytes in the pieces it was made of, as a pipe does.
class PieceStream : public ByteStream {
 public:
  explicit PieceStream(Texts pieces) : pieces_(std::move(pieces)) {}
  absl::StatusOr<size_t> Read(char* to, size_t size) override {
    if (next_ == pieces_.size()) return 0;
    const size_t count = pieces_[next_].copy(to, size);
    pieces_[next_].erase(0, count);
    if (pieces_[next_].empty()) ++next_;
    return count;
  }

 private:
  Texts pieces_;
  size_t next_ = 0;
};

TEST_SUITE_BEGIN("ingest/block_reader");

TEST_CASE("blocks end where records end, and count their lines") {
  CHECK(Blocks("aa\nbb\ncc\nd", Format::kJsonLines, 7) == Texts{"0:1:^aa\nbb\n", "1:3:cc\nd$"});
  CHECK(Blocks("aa\nbb\n", Format::kJsonLines, 3) == Texts{"0:1:^aa\n", "1:2:bb\n", "2:3:$"});
  CHECK(Blocks("aa\nbb\n", Format::kJsonLines, 100) == Texts{"0:1:^aa\nbb\n$"});
  CHECK(Blocks("", Format::kJsonLines, 100) == Texts{"0:1:^$"});
}

TEST_CASE("a record that is longer than a block makes the block longer") {
  CHECK(Blocks("a\nbbbbbbbbbb\nc\n", Format::kJsonLines, 2) ==
        Texts{"0:1:^a\n", "1:2:bbbbbbbbbb\nc\n$"});
}

TEST_CASE("a record that is longer than the limit ends the run") {
  CHECK(Blocks("a\nbbbbbbb\nc\n", Format::kJsonLines, 2, 8) ==
        Texts{"0:1:^a\n", "1:2:bbbbbbb\n", "2:3:c\n$"});
  CHECK(Blocks("a\nbbbbbbbb\nc\n", Format::kJsonLines, 2, 8) ==
        Texts{"0:1:^a\n",
              "in:2: a record of more than 8 bytes (max_record_bytes); is a quote left open?"});
}

TEST_CASE("CSV is not cut inside quotes") {
  CHECK(Blocks("a,\"\n\"\nb\n", Format::kCsv, 5) == Texts{"0:1:^a,\"\n\"\nb\n$"});
  CHECK(Blocks("a\n\"\n\"\nb\n", Format::kCsv, 4) == Texts{"0:1:^a\n", "1:2:\"\n\"\n", "2:4:b\n$"});
  CHECK(Blocks("x\"\n\"\n", Format::kCsv, 3) == Texts{"0:1:^x\"\n", "1:2:\"\n$"});
}

TEST_CASE("inputs follow one another, each with its own lines; blocks are numbered through") {
  CHECK(Blocks({{"a", "1\n2\n"}, {"b", ""}, {"c", "3"}}, Format::kJsonLines, {}) ==
        Texts{"0:1:^1\n2\n$", "1:1:^$", "2:1:^3$"});
}

TEST_CASE("what may have to wait for more is handed out at once, by whole records") {
  BlockReader reader(Format::kJsonLines, ',', {});
  reader.Open(std::make_unique<PieceStream>(Texts{"a\nb", "b\n", "c", "\nd"}), "pipe", false);
  TextBlock block;
  Texts texts;
  while (reader.is_open()) {
    REQUIRE(reader.Next(block).ok());
    texts.emplace_back(block.text);
  }
  CHECK(texts == Texts{"a\n", "bb\n", "c\n", "d"});
  reader.Open(std::make_unique<PieceStream>(Texts{"a\nb", "b\n"}), "file", true);
  REQUIRE(reader.Next(block).ok());
  CHECK(block.text == "a\nbb\n");
  CHECK(block.number == 4);
}

TEST_CASE("options out of range are refused") {
  BlockOptions options;
  CHECK(options.Validate().ok());
  options.block_bytes = 0;
  CHECK(options.Validate().message() == "block_bytes is 0; right would be 1 to 1073741824");
  options.block_bytes = 10;
  options.max_record_bytes = 9;
  CHECK(options.Validate().message() ==
        "max_record_bytes is 9; right would be 10 (block_bytes) to 1073741824");
  CHECK(!MemorySource::Create({}, Format::kCsv, ',', options).ok());
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
