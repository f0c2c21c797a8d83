#include "tests/support/faulty_directory.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/status/status.h"

namespace onrush {
namespace {

constexpr size_t kSector = 64;  // smaller than real ones, so that more can go wrong

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void WriteFile(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

// A file between what was synced and what was written since.
std::string Survivor(const FaultyDirectory::File& file, RandomSource& random) {
  std::string bytes = file.synced;
  if (bytes.size() > file.cut_to && random.Percent(50)) bytes.resize(file.cut_to);
  for (size_t at = 0; at < file.now.size(); at += kSector) {
    const size_t size = std::min(kSector, file.now.size() - at);
    if (file.synced.substr(std::min(at, file.synced.size()), size) == file.now.substr(at, size) ||
        random.Percent(50)) {
      continue;
    }
    if (bytes.size() < at + size) bytes.resize(at + size, '\0');
    bytes.replace(at, size, file.now, at, size);
  }
  return bytes;
}

}  // namespace

class FaultyDirectory::FaultyFile : public AppendFile {
 public:
  FaultyFile(std::shared_ptr<File> file, FaultyDirectory& directory)
      : file_(std::move(file)), directory_(directory) {}

  absl::Status Append(std::string_view bytes) override {
    const bool fails = directory_.Fails(Fault::kFull);
    file_->now += bytes.substr(0, fails ? bytes.size() / 2 : bytes.size());
    return fails ? absl::UnavailableError("cannot write: the medium is gone") : absl::OkStatus();
  }
  absl::Status Sync() override {
    if (directory_.Fails(Fault::kSync)) return absl::UnavailableError("cannot sync");
    file_->synced = file_->now;
    file_->cut_to = UINT64_MAX;
    return absl::OkStatus();
  }
  absl::Status Truncate(uint64_t size) override {
    if (directory_.Fails(Fault::kPower)) return absl::UnavailableError("cannot cut");
    file_->now.resize(std::min<size_t>(file_->now.size(), size));
    file_->cut_to = std::min(file_->cut_to, size);
    return absl::OkStatus();
  }

 private:
  const std::shared_ptr<File> file_;
  FaultyDirectory& directory_;
};

FaultyDirectory::FaultyDirectory(std::string path, Fault fault, uint64_t fails_at)
    : path_(std::move(path)),
      fault_(fault),
      fails_at_(fails_at),
      state_(std::make_shared<State>()) {
  for (const auto& entry : std::filesystem::directory_iterator(path_)) {
    const std::string bytes = ReadFile(entry.path());
    state_->names[entry.path().filename()] = std::make_shared<File>(File{bytes, bytes});
  }
  state_->synced_names = state_->names;
}

FaultyDirectory::FaultyDirectory(std::string path, Fault fault, uint64_t fails_at,
                                 const State& before)
    : path_(std::move(path)),
      fault_(fault),
      fails_at_(fails_at),
      state_(std::make_shared<State>(before)) {
  state_->operations = state_->failures = 0;
}

FaultyDirectory::~FaultyDirectory() {
  for (const auto& [name, file] : state_->names) WriteFile(path_ + "/" + name, file->now);
}

bool FaultyDirectory::Fails(Fault kind) {
  const bool reached = state_->operations++ >= fails_at_;
  bool fails = reached && (fault_ == Fault::kPower || fault_ == kind);
  if (fault_ == Fault::kSync) fails = fails && state_->failures == 0;
  state_->failures += fails;
  return fails;
}

absl::StatusOr<std::unique_ptr<AppendFile>> FaultyDirectory::Create(const std::string& name) {
  if (Fails(Fault::kPower)) return absl::UnavailableError("cannot create");
  if (state_->names.contains(name)) return absl::UnavailableError("is there already");
  state_->names[name] = std::make_shared<File>();
  return std::make_unique<FaultyFile>(state_->names[name], *this);
}

absl::StatusOr<std::unique_ptr<AppendFile>> FaultyDirectory::Open(const std::string& name) {
  if (Fails(Fault::kPower)) return absl::UnavailableError("cannot open");
  return std::make_unique<FaultyFile>(state_->names.at(name), *this);
}

absl::Status FaultyDirectory::Remove(const std::string& name) {
  if (Fails(Fault::kPower)) return absl::UnavailableError("cannot remove");
  state_->names.erase(name);
  std::filesystem::remove(path_ + "/" + name);  // if it was there before
  return absl::OkStatus();
}

absl::Status FaultyDirectory::Sync() {
  if (Fails(Fault::kSync)) return absl::UnavailableError("cannot sync");
  state_->synced_names = state_->names;
  return absl::OkStatus();
}

FaultyDirectory::Files FaultyDirectory::AfterPowerCut(const State& state, RandomSource& random) {
  std::map<std::string, std::shared_ptr<File>> names = state.synced_names;
  for (const auto& [name, file] : state.names) {
    if (random.Percent(50)) names[name] = file;
  }
  for (const auto& [name, file] : state.synced_names) {
    if (!state.names.contains(name) && random.Percent(50)) names.erase(name);
  }
  Files files;
  for (const auto& [name, file] : names) files[name] = Survivor(*file, random);
  return files;
}

}  // namespace onrush
