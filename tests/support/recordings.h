// Recordings for tests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/plan.h"
#include "core/runtime/source.h"
#include "ingest/recording/recorder.h"
#include "ingest/recording/recording_source.h"

namespace onrush {

// What arrived in one go, with bytes of its own.
struct ReceivedText {
  ArrivalKind kind = ArrivalKind::kRecords;
  std::string bytes = {};
  std::string sender = "test";
  int64_t arrived_ns = 0;
  uint64_t line = 1;
};

// Arrivals in memory, one TextBlock for each entry of `blocks`. The end of the source is that of
// its input if `ends_input`.
class ReceivedSource : public Source {
 public:
  ReceivedSource(std::vector<std::vector<ReceivedText>> blocks, bool ends_input = true);

  absl::StatusOr<bool> Next(TextBlock& block) override;
  bool ends_input() const override { return ends_input_; }
  bool may_wait() const override { return false; }
  uint64_t bytes_read() const override { return 0; }
  uint64_t bytes_total() const override { return 0; }

 private:
  std::vector<std::vector<ReceivedText>> blocks_;  // padded
  std::vector<std::vector<size_t>> sizes_;
  const bool ends_input_;
  size_t next_ = 0;
};

// Records all that a source has, into a directory that may have a recording.
absl::Status RecordSource(Source& source, const StreamPlan& stream, Format format,
                          const std::string& directory, const RecorderOptions& options = {});

// The bytes of all rows, one after the other. Fails as RecordingSource.
struct RecordedContent {
  std::string bytes = {};
  std::vector<std::string> notes;
};
absl::StatusOr<RecordedContent> ReadRecording(const std::string& directory,
                                              const std::string& stream, bool skip_damaged = false);

// A stream of lines with one field, `n`, and a time.
StreamPlan LineStream();

}  // namespace onrush
