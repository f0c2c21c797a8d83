#include "operators/sinks/file_sink.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "core/status_macros.h"
#include "fmt/format.h"

namespace onrush {
namespace {

int OpenRetrying(const std::string& path, int flags, StopToken stop) {
  int descriptor;
  do {
    descriptor = open(path.c_str(), flags | O_WRONLY | O_CLOEXEC, 0666);
  } while (descriptor < 0 && errno == EINTR && !stop.requested());
  return descriptor;
}

absl::Status OpenError(std::string_view path, int error) {
  return absl::UnavailableError(fmt::format("{}: cannot write: {}", path, std::strerror(error)));
}

// The file that `path` leads to through symbolic links; `path` itself if there is none yet.
std::string FollowLinks(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> resolved(realpath(path.c_str(), nullptr),
                                                             &std::free);
  return resolved ? std::string(resolved.get()) : path;
}

}  // namespace

absl::StatusOr<std::unique_ptr<FileSink>> FileSink::Open(std::string_view path, StopToken stop) {
  if (path == "-") {
    // A descriptor of its own, so that closing it shows a late error and harms nobody.
    const int descriptor = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    if (descriptor < 0) return OpenError("standard output", errno);
    return std::unique_ptr<FileSink>(new FileSink(descriptor, "standard output", {}, {}, stop));
  }
  const std::string name(path);
  struct stat existing = {};
  const bool exists = stat(name.c_str(), &existing) == 0;
  if (exists && !S_ISREG(existing.st_mode)) {
    const int descriptor = OpenRetrying(name, 0, stop);
    if (descriptor < 0) return OpenError(path, errno);
    return std::unique_ptr<FileSink>(new FileSink(descriptor, name, {}, {}, stop));
  }
  // Renaming would replace a file that may not be written to.
  if (exists && access(name.c_str(), W_OK) != 0) return OpenError(path, errno);
  const std::string final_path = FollowLinks(name);
  const std::string partial_path = final_path + ".partial";
  const int descriptor = OpenRetrying(partial_path, O_CREAT | O_TRUNC, stop);
  if (descriptor < 0) return OpenError(partial_path, errno);
  if (exists) fchmod(descriptor, existing.st_mode & 07777);
  return std::unique_ptr<FileSink>(new FileSink(descriptor, name, final_path, partial_path, stop));
}

absl::StatusOr<std::unique_ptr<FileSink>> FileSink::OpenToAppend(std::string_view path,
                                                                 StopToken stop) {
  const std::string name(path);
  const int descriptor = OpenRetrying(name, O_CREAT | O_APPEND, stop);
  if (descriptor < 0) return OpenError(path, errno);
  return std::unique_ptr<FileSink>(new FileSink(descriptor, name, {}, {}, stop));
}

absl::Status FileSink::WriteWhole(std::string_view path, std::string_view text) {
  ONRUSH_ASSIGN_OR_RETURN(const std::unique_ptr<FileSink> file, Open(path));
  ONRUSH_RETURN_IF_ERROR(file->Write(text));
  return file->Finish();
}

absl::Status FileSink::CheckWhole(std::string_view path) {
  if (path.empty() || path == "-") return absl::OkStatus();
  const std::string name(path);
  struct stat existing = {};
  const bool exists = stat(name.c_str(), &existing) == 0;
  if (exists && access(name.c_str(), W_OK) != 0) return OpenError(path, errno);
  if (exists && !S_ISREG(existing.st_mode)) return absl::OkStatus();
  const std::string final_path = FollowLinks(name);
  const size_t slash = final_path.rfind('/');
  const std::string folder = slash == final_path.npos ? "." : final_path.substr(0, slash + 1);
  return access(folder.c_str(), W_OK | X_OK) == 0 ? absl::OkStatus() : OpenError(path, errno);
}

FileSink::FileSink(int descriptor, std::string name, std::string final_path,
                   std::string partial_path, StopToken stop)
    : descriptor_(descriptor),
      name_(std::move(name)),
      final_path_(std::move(final_path)),
      partial_path_(std::move(partial_path)),
      stop_(stop),
      buffer_(std::make_unique<char[]>(kBufferBytes)) {}

FileSink::~FileSink() {
  if (descriptor_ < 0) return;
  if (status_.ok()) Flush().IgnoreError();
  close(descriptor_);
  if (!partial_path_.empty() && bytes_written_ == 0) unlink(partial_path_.c_str());
}

absl::Status FileSink::Write(std::string_view whole_lines) {
  if (whole_lines.size() > kBufferBytes - buffered_) {
    ONRUSH_RETURN_IF_ERROR(Flush());
    if (whole_lines.size() > kBufferBytes) return WriteThrough(whole_lines);
  }
  std::memcpy(buffer_.get() + buffered_, whole_lines.data(), whole_lines.size());
  buffered_ += whole_lines.size();
  return status_;
}

absl::Status FileSink::Flush() {
  return WriteThrough({buffer_.get(), std::exchange(buffered_, 0)});
}

absl::Status FileSink::Finish() {
  ONRUSH_RETURN_IF_ERROR(Flush());
  if (!partial_path_.empty() && fdatasync(descriptor_) != 0) return FailWith("cannot write", errno);
  if (close(std::exchange(descriptor_, -1)) != 0) return FailWith("cannot write", errno);
  if (partial_path_.empty()) return absl::OkStatus();
  if (rename(partial_path_.c_str(), final_path_.c_str()) != 0) {
    return FailWith("cannot take its name", errno);
  }
  return absl::OkStatus();
}

absl::Status FileSink::WriteThrough(std::string_view bytes) {
  while (status_.ok() && !bytes.empty()) {
    size_t size = bytes.size();
    if (stop_.requested()) {
      // A pipe that is ready takes this much without waiting.
      size = std::min<size_t>(size, PIPE_BUF);
      if (!WaitForReader(kLastWaitMs)) return Fail("was broken off", "its reader does not read");
    }
    const ssize_t written = write(descriptor_, bytes.data(), size);
    if (written >= 0) {
      bytes_written_ += static_cast<size_t>(written);
      bytes.remove_prefix(static_cast<size_t>(written));
    } else if (errno == EAGAIN) {
      WaitForReader(-1);  // standard output that somebody else made non-blocking
    } else if (errno != EINTR) {
      return FailWith("cannot write", errno);
    }
  }
  return status_;
}

// False if that took too long, or a signal came.
bool FileSink::WaitForReader(int timeout_ms) const {
  pollfd ready = {descriptor_, POLLOUT, 0};
  return poll(&ready, 1, timeout_ms) > 0;
}

std::string FileSink::WhatWasWritten() const {
  if (bytes_written_ == 0) return "nothing was written";
  if (partial_path_.empty()) return fmt::format("{} bytes were written", bytes_written_);
  return fmt::format("the first {} bytes are in {}", bytes_written_, partial_path_);
}

absl::Status FileSink::FailWith(std::string_view what_failed, int error) {
  return Fail(what_failed, error == EPIPE ? "its reader is gone" : std::strerror(error));
}

absl::Status FileSink::Fail(std::string_view what_failed, std::string_view cause) {
  status_ = absl::UnavailableError(fmt::format("{}: {}: {}; the output is not whole, {}", name_,
                                               what_failed, cause, WhatWasWritten()));
  return status_;
}

}  // namespace onrush
