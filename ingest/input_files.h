// The files that a source reads, one after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/runtime/stop_token.h"
#include "ingest/byte_stream.h"

namespace onrush {

// Description
//   "-" is standard input; gzip and Zstandard are decompressed, told by their first bytes. A file
//   is opened when its turn comes and read as it is then. Stays where it is: its streams count for
//   it.
// Threads
//   One at a time.
class InputFiles {
 public:
  // `stop` ends a wait for bytes, with kCancelled.
  InputFiles(std::vector<std::string> files, StopToken stop)
      : files_(std::move(files)), stop_(stop) {}
  InputFiles(const InputFiles&) = delete;
  InputFiles& operator=(const InputFiles&) = delete;

  // Fails if a file is missing, unreadable or a directory, if "-" is there twice or if there are
  // no files. To be called before any is opened.
  absl::Status Inspect();

  struct Input {
    std::string_view name;  // as the user gave it; lives as long as the files
    std::unique_ptr<ByteStream> bytes;
    bool never_waits;  // for somebody to write
  };
  // Requires: !at_end().
  absl::StatusOr<Input> OpenNext();
  bool at_end() const { return next_ == files_.size(); }

  // Of all files, as Source has them.
  bool may_wait() const { return may_wait_; }
  uint64_t bytes_read() const { return bytes_read_; }
  uint64_t bytes_total() const { return bytes_total_; }

 private:
  const std::vector<std::string> files_;
  const StopToken stop_;
  size_t next_ = 0;
  bool may_wait_ = false;
  uint64_t bytes_read_ = 0;
  uint64_t bytes_total_ = 0;
};

}  // namespace onrush
