#include "ingest/live/follow_source.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>

#include "doctest/doctest.h"
#include "tests/support/temporary_directory.h"

namespace onrush {
namespace {

// A log and its reader, which never waits.
struct Followed {
  explicit Followed(std::string_view content, Format format = Format::kJsonLines,
                    FollowOptions options = {}) {
    options.longest_wait = Duration{0};
    options.rotation_grace = Duration{0};
    options.stop = StopToken(stop);
    file = directory.Write("log", content);
    absl::StatusOr<std::unique_ptr<FollowSource>> opened =
        FollowSource::Open(file, format, ',', options);
    REQUIRE(opened.ok());
    source = *std::move(opened);
  }

  void Append(std::string_view text, const char* name = "log") {
    std::ofstream(directory.path() + "/" + name, std::ios::binary | std::ios::app) << text;
  }

  // The next block's text; "^" before the first of an input, "$" after the last; "end" at the end.
  std::string Next() {
    const absl::StatusOr<bool> more = source->Next(block);
    REQUIRE(more.ok());
    if (!*more) return "end";
    REQUIRE(block.number == next_number++);
    return (block.first_of_input ? "^" : "") + std::string(block.text) +
           (block.last_of_input ? "$" : "");
  }

  std::atomic<bool> stop = false;
  TemporaryDirectory directory;
  std::string file;
  std::unique_ptr<FollowSource> source;
  TextBlock block;
  uint64_t next_number = 0;
};

TEST_SUITE_BEGIN("ingest/live/follow_source");

TEST_CASE("what is appended comes once it is a whole record") {
  Followed log("a\nb\nc");
  CHECK(log.Next() == "^a\nb\n");
  CHECK(log.Next().empty());
  log.Append("d");
  CHECK(log.Next().empty());
  log.Append("\ne\n");
  CHECK(log.Next() == "cd\ne\n");
  CHECK(log.block.first_line == 3);
  CHECK(log.Next().empty());
  CHECK(log.source->bytes_read() == 9);
  CHECK_FALSE(log.source->ends_input());
}

TEST_CASE("a file that was empty at first begins with its header") {
  Followed log("", Format::kCsv);
  CHECK(log.Next().empty());
  log.Append("ts,page\n");
  CHECK(log.Next() == "^ts,page\n");
  log.Append("1,\"a\nb\"\n2,");
  CHECK(log.Next() == "1,\"a\nb\"\n");
}

TEST_CASE("after a rename the old file is read to its end, then the new one") {
  Followed log("a\n");
  CHECK(log.Next() == "^a\n");
  std::filesystem::rename(log.file, log.file + ".1");
  log.Append("b\n", "log.1");
  CHECK(log.Next() == "b\n");
  CHECK(log.Next().empty());  // there is no new one yet
  log.Append("c", "log.1");
  log.directory.Write("log", "d\n");
  CHECK(log.Next() == "c$");
  CHECK(log.Next() == "^d\n");
  CHECK(log.block.first_line == 1);
}

TEST_CASE("a replaced file is kept open for a while") {
  FollowOptions patient;
  TemporaryDirectory directory;
  const std::string file = directory.Write("log", "a\n");
  patient.longest_wait = Duration{0};
  patient.rotation_grace = Duration{3600 * kNanosPerSecond};
  const auto source = FollowSource::Open(file, Format::kJsonLines, ',', patient);
  REQUIRE(source.ok());
  TextBlock block;
  REQUIRE((*source)->Next(block).ok());
  std::filesystem::rename(file, file + ".1");
  directory.Write("log", "b\n");
  REQUIRE((*source)->Next(block).ok());
  CHECK(block.text.empty());
  CHECK_FALSE(block.last_of_input);
}

TEST_CASE("a truncated file begins anew") {
  Followed log("a\nb\nc\n");
  CHECK(log.Next() == "^a\nb\nc\n");
  std::filesystem::resize_file(log.file, 0);
  CHECK(log.Next() == "$");
  CHECK(log.Next().empty());
  log.Append("d\n");
  CHECK(log.Next() == "^d\n");
}

TEST_CASE("a file that is gone for a moment is waited for") {
  Followed log("a\nb\n");
  CHECK(log.Next() == "^a\nb\n");
  std::filesystem::resize_file(log.file, 1);
  CHECK(log.Next() == "$");
  std::filesystem::remove(log.file);
  CHECK(log.Next().empty());
  log.directory.Write("log", "c\n");
  CHECK(log.Next() == "^c\n");
}

TEST_CASE("once told to stop it gives what is there, and ends") {
  Followed log("a\n");
  log.stop = true;
  CHECK(log.Next() == "^a\n");
  log.Append("b\n");
  CHECK(log.Next() == "b\n");
  CHECK(log.Next() == "end");
}

TEST_CASE("what cannot be followed is named") {
  TemporaryDirectory directory;
  for (const std::string& file : {directory.path(), directory.path() + "/none"}) {
    const auto source = FollowSource::Open(file, Format::kCsv, ',', {});
    REQUIRE_FALSE(source.ok());
    CHECK(std::string(source.status().message()).find(file) != std::string::npos);
  }
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
