#include "ingest/recording/recording_directory.h"

#include <fstream>
#include <iterator>
#include <string>

#include "doctest/doctest.h"
#include "tests/support/temporary_directory.h"

namespace onrush {
namespace {

TEST_SUITE_BEGIN("ingest/recording/recording_directory");

TEST_CASE("what is appended is there, however long it is") {
  TemporaryDirectory directory;
  const auto recording = OpenRecordingDirectory(directory.path() + "/recording");
  REQUIRE(recording.ok());
  const auto file = (*recording)->Create("a");
  REQUIRE(file.ok());
  std::string all;
  for (const size_t size : {0, 1, 65'535, 65'536, 65'537, 1'000'000}) {
    std::string bytes(size, '\0');
    for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7 + i / 256);
    REQUIRE((*file)->Append(bytes).ok());
    all += bytes;
  }
  REQUIRE((*file)->Sync().ok());
  std::ifstream stream((*recording)->path() + "/a", std::ios::binary);
  const std::string found{std::istreambuf_iterator<char>(stream), {}};
  CHECK(found == all);
  REQUIRE((*file)->Truncate(70'000).ok());
  REQUIRE((*file)->Append("x").ok());
  std::ifstream cut((*recording)->path() + "/a", std::ios::binary);
  CHECK(std::string(std::istreambuf_iterator<char>(cut), {}) == all.substr(0, 70'000) + "x");
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
