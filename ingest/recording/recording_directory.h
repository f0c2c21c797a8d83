// What a recording asks of the medium that it is kept on.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace onrush {

// A file that grows. One thread at a time.
class AppendFile {
 public:
  virtual ~AppendFile() = default;

  // Appends all of `bytes`, or fails, and then some of them may be there.
  virtual absl::Status Append(std::string_view bytes) = 0;
  // What was appended survives a loss of power once this returned OK. After a failure what is on
  // the medium is not known, and nothing will make it known: the caller must not try again.
  virtual absl::Status Sync() = 0;
  // Cuts off what is behind the first `size` bytes.
  virtual absl::Status Truncate(uint64_t size) = 0;
};

// Description
//   The directory of one recording. Tests put one in its place that loses what was not synced.
// Threads
//   One at a time.
class RecordingDirectory {
 public:
  virtual ~RecordingDirectory() = default;

  // Where its files can be read.
  virtual const std::string& path() const = 0;
  // A new file; fails if there is one of that name.
  virtual absl::StatusOr<std::unique_ptr<AppendFile>> Create(const std::string& name) = 0;
  // A file that is there, to be appended to.
  virtual absl::StatusOr<std::unique_ptr<AppendFile>> Open(const std::string& name) = 0;
  virtual absl::Status Remove(const std::string& name) = 0;
  // Names that came and went survive a loss of power once this returned OK.
  virtual absl::Status Sync() = 0;
};

// A directory of the file system, made if it is not there. Holds a lock: fails with
// kFailedPrecondition if another process records there.
absl::StatusOr<std::unique_ptr<RecordingDirectory>> OpenRecordingDirectory(const std::string& path);

}  // namespace onrush
