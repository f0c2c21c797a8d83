#include "ingest/file_source.h"

#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "fmt/format.h"
#include "tests/support/compressed.h"
#include "tests/support/temporary_directory.h"

namespace onrush {
namespace {

// All of a source's text, or what went wrong.
std::string ReadAll(Source& source) {
  std::string text;
  TextBlock block;
  while (true) {
    const absl::StatusOr<bool> more = source.Next(block);
    if (!more.ok()) {
      CHECK(!*source.Next(block));
      return fmt::format("{}: {}", absl::StatusCodeToString(more.status().code()),
                         std::string(more.status().message()));
    }
    if (!*more) return text;
    text += block.text;
  }
}
std::string ReadFile(const std::string& file, const BlockOptions& options = {}) {
  return ReadAll(**FileSource::Open({file}, Format::kJsonLines, ',', options));
}
std::string OpenError(std::vector<std::string> files) {
  const auto source = FileSource::Open(std::move(files), Format::kJsonLines, ',', {});
  REQUIRE(!source.ok());
  return fmt::format("{}: {}", absl::StatusCodeToString(source.status().code()),
                     std::string(source.status().message()));
}

// A text that is longer than every buffer between the file and the block.
std::string LongText() {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += fmt::format("line {} {}\n", i, i * 7919 % 1000);
  return text;
}

// Puts a file in the place of standard input for a while.
class StandardInput {
 public:
  explicit StandardInput(const std::string& file) : saved_(::dup(STDIN_FILENO)) {
    FILE* const opened = std::fopen(file.c_str(), "rb");
    REQUIRE(opened != nullptr);
    ::dup2(::fileno(opened), STDIN_FILENO);
    std::fclose(opened);
  }
  ~StandardInput() {
    ::dup2(saved_, STDIN_FILENO);
    ::close(saved_);
  }

 private:
  const int saved_;
};

TEST_SUITE_BEGIN("ingest/file_source");

TEST_CASE("a file is read whole, whatever the size of blocks") {
  const TemporaryDirectory directory;
  const std::string text = LongText();
  const std::string file = directory.Write("a", text);
  CHECK(ReadFile(file) == text);
  BlockOptions options;
  options.block_bytes = 1000;
  CHECK(ReadFile(file, options) == text);
  CHECK(ReadFile(directory.Write("empty", "")) == "");
}

TEST_CASE("gzip and Zstandard are recognised by content, not by name") {
  const TemporaryDirectory directory;
  const std::string text = LongText();
  CHECK(ReadFile(directory.Write("a", Gzip(text))) == text);
  CHECK(ReadFile(directory.Write("a", Zstd(text))) == text);
  CHECK(ReadFile(directory.Write("a.gz", text)) == text);
  CHECK(ReadFile(directory.Write("a", "\x1F\n")) == "\x1F\n");
  BlockOptions options;
  options.block_bytes = 10;
  CHECK(ReadFile(directory.Write("a", Zstd("1\n2\n") + Zstd("") + Zstd("3\n4")), options) ==
        "1\n2\n3\n4");
}

TEST_CASE("members and frames follow one another, also in the middle of a line") {
  const TemporaryDirectory directory;
  CHECK(ReadFile(directory.Write("a", Gzip("1\n2") + Gzip("") + Gzip("3\n"))) == "1\n23\n");
  CHECK(ReadFile(directory.Write("a", Zstd("1\n2") + Zstd("") + Zstd("3\n"))) == "1\n23\n");
  const std::string skippable("\x50\x2A\x4D\x18\x03\0\0\0abc", 11);
  CHECK(ReadFile(directory.Write("a", skippable + Zstd("1\n"))) == "1\n");
}

TEST_CASE("compressed data that is damaged or cut short is an error, at every place") {
  const TemporaryDirectory directory;
  const std::string text = "some text that is compressed\nand another line of it\n";
  for (const bool gzip : {true, false}) {
    const std::string whole = gzip ? Gzip(text) : Zstd(text);
    for (size_t size = 4; size < whole.size(); ++size) {
      const std::string name = directory.Write("a", whole.substr(0, size));
      CHECK(ReadFile(name) == fmt::format("DATA_LOSS: {}: the {} data is cut short", name,
                                          gzip ? "gzip" : "Zstandard"));
    }
    const std::string name = directory.Write("a", whole + "trailing");
    CHECK(ReadFile(name).starts_with(
        fmt::format("DATA_LOSS: {}: the {} data is damaged: ", name, gzip ? "gzip" : "Zstandard")));
  }
  std::string damaged = Gzip(text);
  damaged[damaged.size() - 5] ^= 1;  // of the checksum
  CHECK(ReadFile(directory.Write("a", damaged)).find("incorrect data check") != std::string::npos);
}

TEST_CASE("a Zstandard window of more than 128 MiB is refused in words") {
  const TemporaryDirectory directory;
  // A frame header alone: no single segment, window descriptor 2^28 bytes.
  const std::string frame("\x28\xB5\x2F\xFD\x00\x90", 6);
  CHECK(ReadFile(directory.Write("a", frame + std::string(20, '\0')))
            .find("needs a window of more than 128 MiB") != std::string::npos);
}

TEST_CASE("files are read one after the other, and progress counts the bytes on disk") {
  const TemporaryDirectory directory;
  const std::string a = directory.Write("a", "1\n2"), b = directory.Write("b", Gzip("3\n"));
  std::unique_ptr<FileSource> source = *FileSource::Open({a, b, a}, Format::kJsonLines, ',', {});
  CHECK(source->bytes_total() == 6 + Gzip("3\n").size());
  TextBlock block;
  std::vector<std::string> seen;
  while (*source->Next(block)) {
    seen.push_back(fmt::format("{} {} {}", block.number, block.file == a ? "a" : "b", block.text));
  }
  CHECK(seen == std::vector<std::string>{"0 a 1\n2", "1 b 3\n", "2 a 1\n2"});
  CHECK(source->bytes_read() == source->bytes_total());
  CHECK(!*source->Next(block));
}

TEST_CASE("- is standard input, compressed or not, once") {
  const TemporaryDirectory directory;
  const std::string text = LongText();
  {
    const StandardInput input(directory.Write("a", text));
    CHECK(ReadFile("-") == text);
  }
  {
    const StandardInput input(directory.Write("a", Zstd(text)));
    CHECK(ReadFile("-") == text);
  }
  CHECK(OpenError({"-", "-"}) == "INVALID_ARGUMENT: standard input ('-') can be read only once");
}

TEST_CASE("a pipe has no known size") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  REQUIRE(::write(ends[1], "1\n2\n3", 5) == 5);
  ::close(ends[1]);
  const std::string name = fmt::format("/dev/fd/{}", ends[0]);
  std::unique_ptr<FileSource> source = *FileSource::Open({name}, Format::kJsonLines, ',', {});
  CHECK(source->bytes_total() == 0);
  CHECK(ReadAll(*source) == "1\n2\n3");
  CHECK(source->bytes_read() == 5);
  ::close(ends[0]);
}

TEST_CASE("what cannot be read is named, before anything is read") {
  const TemporaryDirectory directory;
  const std::string good = directory.Write("a", "1\n"), missing = directory.path() + "/b";
  CHECK(OpenError({good, missing}) ==
        fmt::format("NOT_FOUND: cannot open '{}': No such file or directory", missing));
  CHECK(OpenError({directory.path()}) ==
        fmt::format("INVALID_ARGUMENT: cannot read '{}': Is a directory", directory.path()));
  CHECK(OpenError({}) == "INVALID_ARGUMENT: no input files; '-' would be standard input");
  if (::geteuid() != 0) {  // the superuser may read everything
    std::filesystem::permissions(good, std::filesystem::perms::none);
    CHECK(OpenError({good}) ==
          fmt::format("PERMISSION_DENIED: cannot open '{}': Permission denied", good));
  }
}

TEST_CASE("a file that goes away before its turn is named then") {
  const TemporaryDirectory directory;
  const std::string a = directory.Write("a", "1\n"), b = directory.Write("b", "2\n");
  std::unique_ptr<FileSource> source = *FileSource::Open({a, b}, Format::kJsonLines, ',', {});
  std::filesystem::remove(b);
  CHECK(ReadAll(*source) ==
        fmt::format("NOT_FOUND: cannot open '{}': No such file or directory", b));
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
