// A medium that loses its power, or fails.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ingest/recording/recording_directory.h"
#include "tests/support/random_source.h"

namespace onrush {

// Description
//   A RecordingDirectory in memory that remembers what was synced. Files are those of a real one
//   at the start, and are written there at the end. From the operation number
//   `fails_at` on, every operation fails. Then the state that a medium may have after a loss of
//   power can be made: what was synced is there; of the rest any part, in sectors, in any order.
// Threads
//   One at a time.
class FaultyDirectory : public RecordingDirectory {
 public:
  enum class Fault : uint8_t {
    kPower,  // every operation fails
    kSync,   // one sync does: a second try would seem to work
    kFull,   // appends write half and fail
  };
  // What is known of a medium, which outlives the directory object.
  struct File {
    std::string synced;
    std::string now;
    uint64_t cut_to = UINT64_MAX;  // the shortest it was cut to since it was synced
  };
  struct State {
    std::map<std::string, std::shared_ptr<File>> synced_names;
    std::map<std::string, std::shared_ptr<File>> names;
    uint64_t operations = 0;
    uint64_t failures = 0;
  };

  FaultyDirectory(std::string path, Fault fault, uint64_t fails_at);
  // For whoever comes after a process that was killed: what it did not sync is still not synced.
  // Requires: `path` is where that one's files were.
  FaultyDirectory(std::string path, Fault fault, uint64_t fails_at, const State& before);
  ~FaultyDirectory() override;

  const std::string& path() const override { return path_; }
  absl::StatusOr<std::unique_ptr<AppendFile>> Create(const std::string& name) override;
  absl::StatusOr<std::unique_ptr<AppendFile>> Open(const std::string& name) override;
  absl::Status Remove(const std::string& name) override;
  absl::Status Sync() override;

  std::shared_ptr<const State> state() const { return state_; }
  // What may be there after the power was lost.
  using Files = std::map<std::string, std::string>;
  static Files AfterPowerCut(const State& state, RandomSource& random);

 private:
  class FaultyFile;
  // Counts an operation; true if it is to fail.
  bool Fails(Fault kind);

  const std::string path_;
  const Fault fault_;
  const uint64_t fails_at_;
  const std::shared_ptr<State> state_;
};

}  // namespace onrush
