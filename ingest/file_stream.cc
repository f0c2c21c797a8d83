#include "ingest/file_stream.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/status_macros.h"
#include "fmt/format.h"

namespace onrush {
namespace {

absl::Status FileError(const std::string& name, const char* doing, int error) {
  const std::string shown = name == "-" ? "standard input" : fmt::format("'{}'", name);
  const std::string message = fmt::format("cannot {} {}: {}", doing, shown, std::strerror(error));
  if (error == ENOENT || error == ENOTDIR) return absl::NotFoundError(message);
  if (error == EACCES || error == EPERM) return absl::PermissionDeniedError(message);
  if (error == EISDIR) return absl::InvalidArgumentError(message);
  return absl::UnavailableError(message);
}

}  // namespace

absl::StatusOr<FileFacts> InspectFile(const std::string& name) {
  struct stat status = {};
  const bool standard_input = name == "-";
  const int failed =
      standard_input ? ::fstat(STDIN_FILENO, &status) : ::stat(name.c_str(), &status);
  if (failed != 0) return FileError(name, "open", errno);
  if (S_ISDIR(status.st_mode)) return FileError(name, "read", EISDIR);
  if (!standard_input && ::access(name.c_str(), R_OK) != 0) return FileError(name, "open", errno);
  FileFacts facts;
  facts.regular = S_ISREG(status.st_mode);
  if (facts.regular) facts.size_bytes = static_cast<uint64_t>(status.st_size);
  return facts;
}

absl::StatusOr<FileFacts> InspectFiles(const std::vector<std::string>& names) {
  if (names.empty()) {
    return absl::InvalidArgumentError("no input files; '-' would be standard input");
  }
  if (std::count(names.begin(), names.end(), "-") > 1) {
    return absl::InvalidArgumentError("standard input ('-') can be read only once");
  }
  FileFacts all{.regular = true};
  for (const std::string& name : names) {
    ONRUSH_ASSIGN_OR_RETURN(const FileFacts facts, InspectFile(name));
    all.size_bytes += facts.size_bytes;
    all.regular = all.regular && facts.regular;
  }
  if (!all.regular) all.size_bytes = 0;
  return all;
}

absl::StatusOr<std::unique_ptr<FileStream>> FileStream::Open(const std::string& name,
                                                             uint64_t& bytes_read, StopToken stop) {
  int descriptor = STDIN_FILENO;
  if (name != "-") {
    do {
      descriptor = ::open(name.c_str(), O_RDONLY | O_CLOEXEC);  // a named pipe waits for a writer
    } while (descriptor < 0 && errno == EINTR && !stop.requested());
    if (descriptor < 0) return FileError(name, "open", errno);
    ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);  // a hint; may fail on a pipe
  }
  return std::unique_ptr<FileStream>(new FileStream(name, descriptor, bytes_read, stop));
}

FileStream::~FileStream() {
  if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
}

absl::StatusOr<size_t> FileStream::Read(char* to, size_t size) {
  while (true) {
    const ssize_t count = ::read(descriptor_, to, size);
    if (count >= 0) {
      bytes_read_ += static_cast<uint64_t>(count);
      return static_cast<size_t>(count);
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) {  // standard input that somebody left unblocking
      pollfd ready = {descriptor_, POLLIN, 0};
      if (::poll(&ready, 1, -1) >= 0) continue;
    }
    if (errno != EINTR) return FileError(name_, "read", errno);
    if (stop_.requested()) return absl::CancelledError(name_ + ": reading was broken off");
  }
}

absl::StatusOr<uint64_t> FileStream::Skip(uint64_t size) {
  struct stat status = {};
  if (::fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode)) return 0;
  const off_t at = ::lseek(descriptor_, 0, SEEK_CUR);
  if (at < 0 || at >= status.st_size) return 0;
  size = std::min(size, static_cast<uint64_t>(status.st_size - at));
  if (::lseek(descriptor_, static_cast<off_t>(size), SEEK_CUR) < 0) {
    return FileError(name_, "read", errno);
  }
  bytes_read_ += size;
  return size;
}

}  // namespace onrush
