#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>

#include "doctest/doctest.h"
#include "operators/sinks/file_sink.h"

namespace onrush {
namespace {

namespace fs = std::filesystem;

// A folder that is gone with the test.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string pattern = (fs::temp_directory_path() / "onrush-sink-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~ScratchFolder() { fs::remove_all(path_); }
  std::string File(std::string_view name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::unique_ptr<FileSink> MustOpen(const std::string& path) {
  absl::StatusOr<std::unique_ptr<FileSink>> sink = FileSink::Open(path);
  REQUIRE_MESSAGE(sink.ok(), sink.status().ToString());
  return std::move(sink).value();
}

}  // namespace

TEST_SUITE("operators/sinks/file_sink") {
  TEST_CASE("a file takes its name only when the output is whole") {
    const ScratchFolder folder;
    const std::string path = folder.File("out.jsonl");
    std::ofstream(path) << "old\n";
    std::unique_ptr<FileSink> sink = MustOpen(path);
    REQUIRE(sink->Write("new 1\n").ok());
    REQUIRE(sink->Flush().ok());
    REQUIRE(sink->Write("new 2\n").ok());
    CHECK(ReadAll(path) == "old\n");
    CHECK(ReadAll(path + ".partial") == "new 1\n");
    REQUIRE(sink->Finish().ok());
    CHECK(ReadAll(path) == "new 1\nnew 2\n");
    CHECK_FALSE(fs::exists(path + ".partial"));
  }

  TEST_CASE("an output that is not finished stays under its partial name") {
    const ScratchFolder folder;
    const std::string path = folder.File("out.jsonl");
    REQUIRE(MustOpen(path)->Write("a\n").ok());
    CHECK_FALSE(fs::exists(path));
    CHECK(ReadAll(path + ".partial") == "a\n");
  }

  TEST_CASE("an output that nothing was written to leaves no file behind") {
    const ScratchFolder folder;
    const std::string path = folder.File("out.jsonl");
    MustOpen(path).reset();
    CHECK_FALSE(fs::exists(path));
    CHECK_FALSE(fs::exists(path + ".partial"));
  }

  TEST_CASE("an empty output that was finished is an empty file") {
    const ScratchFolder folder;
    const std::string path = folder.File("out.jsonl");
    REQUIRE(MustOpen(path)->Finish().ok());
    CHECK(fs::exists(path));
    CHECK(fs::file_size(path) == 0);
  }

  TEST_CASE("a replaced file keeps its permissions and the link that leads to it") {
    const ScratchFolder folder;
    const std::string path = folder.File("private.jsonl");
    std::ofstream(path) << "old\n";
    REQUIRE(chmod(path.c_str(), 0600) == 0);
    const std::string link = folder.File("link.jsonl");
    fs::create_symlink(path, link);
    std::unique_ptr<FileSink> sink = MustOpen(link);
    REQUIRE(sink->Write("new\n").ok());
    REQUIRE(sink->Finish().ok());
    CHECK(ReadAll(path) == "new\n");
    CHECK(fs::is_symlink(link));
    CHECK((fs::status(path).permissions() & fs::perms::all) ==
          (fs::perms::owner_read | fs::perms::owner_write));
  }

  TEST_CASE("lines larger than the buffer and many small ones arrive in their order") {
    const ScratchFolder folder;
    const std::string path = folder.File("out.jsonl");
    std::unique_ptr<FileSink> sink = MustOpen(path);
    std::string expected;
    for (const size_t size : {size_t{10}, size_t{300'000}, size_t{7}, size_t{262'143}, size_t{1}}) {
      const std::string line = std::string(size, static_cast<char>('a' + size % 26)) + "\n";
      REQUIRE(sink->Write(line).ok());
      expected += line;
    }
    REQUIRE(sink->Finish().ok());
    CHECK(ReadAll(path) == expected);
    CHECK(sink->bytes_written() == expected.size());
  }

  TEST_CASE("a full disk is an error that names the file, the cause and what was written") {
    std::unique_ptr<FileSink> sink = MustOpen("/dev/full");
    REQUIRE(sink->Write("a\n").ok());
    const absl::Status status = sink->Finish();
    CHECK(status.message() ==
          "/dev/full: cannot write: No space left on device; the output is not whole, nothing was "
          "written");
    CHECK(sink->Write("b\n") == status);
    CHECK(sink->Flush() == status);
    CHECK(sink->Finish() == status);
  }

  TEST_CASE("a reader that went away is an error that says how much it got") {
    const ScratchFolder folder;
    const std::string path = folder.File("fifo");
    REQUIRE(mkfifo(path.c_str(), 0600) == 0);
    const auto previous = std::signal(SIGPIPE, SIG_IGN);
    int reader = open(path.c_str(), O_RDONLY | O_NONBLOCK);
    std::unique_ptr<FileSink> sink = MustOpen(path);
    REQUIRE(sink->Write("abc\n").ok());
    REQUIRE(sink->Flush().ok());
    close(reader);
    REQUIRE(sink->Write("def\n").ok());
    const absl::Status status = sink->Flush();
    CHECK(status.message() == path +
                                  ": cannot write: its reader is gone; the output is not whole, 4 "
                                  "bytes were written");
    std::signal(SIGPIPE, previous);
  }

  TEST_CASE("a pipe that takes a little at a time gets all of it") {
    const ScratchFolder folder;
    const std::string path = folder.File("fifo");
    REQUIRE(mkfifo(path.c_str(), 0600) == 0);
    std::string received;
    std::thread reader([&] { received = ReadAll(path); });
    std::unique_ptr<FileSink> sink = MustOpen(path);
    const std::string line = std::string(1'000'000, 'x') + "\n";
    const absl::Status wrote = sink->Write(line);
    const absl::Status finished = sink->Finish();
    sink.reset();
    reader.join();
    CHECK(wrote.ok());
    CHECK(finished.ok());
    CHECK(received == line);
  }

  TEST_CASE("an output that cannot be opened says so before anything is read") {
    const ScratchFolder folder;
    const std::string missing = folder.File("none/out.jsonl");
    CHECK(FileSink::Open(missing).status().message() ==
          missing + ".partial: cannot write: No such file or directory");
    CHECK(FileSink::Open(folder.File("")).status().message() ==
          folder.File("") + ": cannot write: Is a directory");
  }
}

}  // namespace onrush
