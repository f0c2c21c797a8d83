#include "ingest/live/follow_stream.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/runtime/clock.h"
#include "fmt/format.h"

namespace onrush {
namespace {

constexpr int64_t kLookEveryNs = 2'000'000;

absl::Status FileError(std::string_view doing, const std::string& name, int error) {
  const std::string message = fmt::format("cannot {} '{}': {}", doing, name, std::strerror(error));
  return error == ENOENT ? absl::NotFoundError(message) : absl::UnavailableError(message);
}

void SleepNs(int64_t ns) {
  timespec span = {};
  span.tv_nsec = static_cast<long>(std::min<int64_t>(ns, kNanosPerSecond - 1));
  nanosleep(&span, nullptr);  // a signal ends it early, which does no harm
}

}  // namespace

absl::StatusOr<std::unique_ptr<FollowStream>> FollowStream::Open(const std::string& name,
                                                                 const FollowOptions& options,
                                                                 uint64_t& bytes_read) {
  const int descriptor = open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return FileError("open", name, errno);
  std::unique_ptr<FollowStream> stream(new FollowStream(name, options, descriptor, bytes_read));
  struct stat status = {};
  if (fstat(descriptor, &status) != 0) return FileError("open", name, errno);
  if (!S_ISREG(status.st_mode)) {
    return absl::InvalidArgumentError(
        fmt::format("'{}' is no regular file; only those can be followed", name));
  }
  return stream;
}

FollowStream::FollowStream(std::string name, const FollowOptions& options, int descriptor,
                           uint64_t& bytes_read)
    : name_(std::move(name)), options_(options), descriptor_(descriptor), bytes_read_(bytes_read) {}

FollowStream::~FollowStream() { close(descriptor_); }

absl::StatusOr<size_t> FollowStream::Read(char* to, size_t size) {
  SystemClock clock;
  const int64_t begin = clock.Now().ns;
  while (true) {
    const ssize_t count = read(descriptor_, to, size);
    if (count > 0) {
      position_ += static_cast<uint64_t>(count);
      bytes_read_ += static_cast<uint64_t>(count);
      replaced_since_ns_ = 0;
      return static_cast<size_t>(count);
    }
    if (count < 0 && errno != EINTR) return FileError("read", name_, errno);
    const int64_t now = clock.Now().ns;
    if (options_.stop.requested()) return absl::CancelledError(name_ + ": told to stop");
    if (IsOver(now)) return 0;
    if (now - begin >= options_.longest_wait.ns) return absl::DeadlineExceededError("");
    SleepNs(std::min(kLookEveryNs, begin + options_.longest_wait.ns - now));
  }
}

bool FollowStream::IsOver(int64_t now) {
  switch (Look()) {
    case State::kGrowing:
      replaced_since_ns_ = 0;
      return false;
    case State::kTruncated:
      return true;
    case State::kReplaced:
      if (replaced_since_ns_ == 0) replaced_since_ns_ = now;
      return now - replaced_since_ns_ >= options_.rotation_grace.ns;
  }
  return false;
}

FollowStream::State FollowStream::Look() const {
  struct stat mine = {};
  if (fstat(descriptor_, &mine) == 0 && static_cast<uint64_t>(mine.st_size) < position_) {
    return State::kTruncated;
  }
  struct stat named = {};
  // Renamed, and nothing in its place yet: it is still written to.
  if (stat(name_.c_str(), &named) != 0) return State::kGrowing;
  const bool same = named.st_ino == mine.st_ino && named.st_dev == mine.st_dev;
  return same ? State::kGrowing : State::kReplaced;
}

}  // namespace onrush
