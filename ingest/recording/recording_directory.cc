#include "ingest/recording/recording_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/status_macros.h"
#include "fmt/format.h"

namespace onrush {
namespace {

absl::Status Failed(std::string_view doing, const std::string& path, int error) {
  return absl::UnavailableError(
      fmt::format("cannot {} '{}': {}", doing, path, std::strerror(error)));
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

// In one call. For a megabyte the page cache looks for a megabyte in one piece, which takes three
// times as long as the copy.
constexpr size_t kMostWritten = 64 * 1024;

class PosixFile final : public AppendFile {
 public:
  PosixFile(Descriptor descriptor, std::string path)
      : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

  absl::Status Append(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t written =
          write(descriptor_.number(), bytes.data(), std::min(bytes.size(), kMostWritten));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return Failed("write", path_, errno);
      bytes.remove_prefix(static_cast<size_t>(written));
    }
    return absl::OkStatus();
  }
  absl::Status Sync() override {
    return fdatasync(descriptor_.number()) == 0 ? absl::OkStatus() : Failed("sync", path_, errno);
  }
  absl::Status Truncate(uint64_t size) override {
    return ftruncate(descriptor_.number(), static_cast<off_t>(size)) == 0
               ? absl::OkStatus()
               : Failed("cut", path_, errno);
  }

 private:
  const Descriptor descriptor_;
  const std::string path_;
};

class PosixDirectory final : public RecordingDirectory {
 public:
  PosixDirectory(Descriptor descriptor, std::string path)
      : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

  const std::string& path() const override { return path_; }
  absl::StatusOr<std::unique_ptr<AppendFile>> Create(const std::string& name) override {
    return OpenFile(name, O_CREAT | O_EXCL, "create");
  }
  absl::StatusOr<std::unique_ptr<AppendFile>> Open(const std::string& name) override {
    return OpenFile(name, 0, "open");
  }
  absl::Status Remove(const std::string& name) override {
    return unlinkat(descriptor_.number(), name.c_str(), 0) == 0
               ? absl::OkStatus()
               : Failed("remove", PathOf(name), errno);
  }
  absl::Status Sync() override {
    return fsync(descriptor_.number()) == 0 ? absl::OkStatus() : Failed("sync", path_, errno);
  }

 private:
  std::string PathOf(const std::string& name) const { return path_ + "/" + name; }

  absl::StatusOr<std::unique_ptr<AppendFile>> OpenFile(const std::string& name, int flags,
                                                       std::string_view doing) {
    Descriptor file(
        openat(descriptor_.number(), name.c_str(), flags | O_WRONLY | O_APPEND | O_CLOEXEC, 0666));
    if (file.number() < 0) return Failed(doing, PathOf(name), errno);
    return std::make_unique<PosixFile>(std::move(file), PathOf(name));
  }

  const Descriptor descriptor_;
  const std::string path_;
};

// The directory's name has to survive as well as what is in it; one that was there already may be
// new too, if the process that made it was killed before this. Not every parent of a directory that
// was there can be synced: it may be closed to this user, or of a kind that never changes.
absl::Status SyncParent(const Descriptor& directory, const std::string& path, bool is_new) {
  const Descriptor parent(openat(directory.number(), "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (parent.number() >= 0 && fsync(parent.number()) == 0) return absl::OkStatus();
  const bool never_synced = errno == EACCES || errno == EINVAL || errno == EROFS;
  return !is_new && never_synced ? absl::OkStatus() : Failed("sync", path + "/..", errno);
}

}  // namespace

absl::StatusOr<std::unique_ptr<RecordingDirectory>> OpenRecordingDirectory(
    const std::string& path) {
  const bool is_new = mkdir(path.c_str(), 0777) == 0;
  if (!is_new && errno != EEXIST) return Failed("create", path, errno);
  Descriptor directory(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.number() < 0) return Failed("open", path, errno);
  ONRUSH_RETURN_IF_ERROR(SyncParent(directory, path, is_new));
  if (flock(directory.number(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return Failed("lock", path, errno);
    return absl::FailedPreconditionError(fmt::format(
        "'{}': another process records there; right would be a directory of its own", path));
  }
  return std::make_unique<PosixDirectory>(std::move(directory), path);
}

}  // namespace onrush
