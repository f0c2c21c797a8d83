// Reading a file or standard input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/runtime/stop_token.h"
#include "ingest/byte_stream.h"

namespace onrush {

// What the file system says of an input before it is opened.
struct FileFacts {
  bool regular = false;     // reading it never waits for somebody to write
  uint64_t size_bytes = 0;  // 0 unless regular
};

// Fails if `name` ("-" is standard input) is missing, a directory, or not readable. Opens nothing,
// since a pipe can be opened only once.
absl::StatusOr<FileFacts> InspectFile(const std::string& name);

// The same of all inputs of a run. `size_bytes` is 0 unless all are regular. Fails as
// InspectFile(), and if there are none or "-" is there twice.
absl::StatusOr<FileFacts> InspectFiles(const std::vector<std::string>& names);

// Description
//   read() into the caller's memory: for files read once, from the page cache, several times as
//   fast as mapping them.
// Threads
//   One at a time.
class FileStream : public ByteStream {
 public:
  // "-" is standard input. `bytes_read`, which outlives the stream, is increased by every read.
  // `stop` ends a read that waits and is broken off by a signal, with kCancelled.
  static absl::StatusOr<std::unique_ptr<FileStream>> Open(const std::string& name,
                                                          uint64_t& bytes_read, StopToken stop);
  ~FileStream() override;
  FileStream(const FileStream&) = delete;
  FileStream& operator=(const FileStream&) = delete;

  absl::StatusOr<size_t> Read(char* to, size_t size) override;
  absl::StatusOr<uint64_t> Skip(uint64_t size) override;

 private:
  FileStream(std::string name, int descriptor, uint64_t& bytes_read, StopToken stop)
      : name_(std::move(name)), descriptor_(descriptor), bytes_read_(bytes_read), stop_(stop) {}

  const std::string name_;
  const int descriptor_;
  uint64_t& bytes_read_;
  const StopToken stop_;
};

}  // namespace onrush
