// Makes blocks safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/runtime/clock.h"
#include "core/time.h"
#include "ingest/recording/recorded_block.h"
#include "ingest/recording/recording_directory.h"
#include "ingest/recording/segment_writer.h"

namespace onrush {

// When what was handed over is made safe from a loss of power.
struct SyncPolicy {
  enum class Kind : uint8_t {
    kNone,      // when a segment is closed
    kInterval,  // so long after it was handed over, at the latest: all that is there by then
    kEach,      // at once: all that is there
  };
  Kind kind = Kind::kInterval;
  Duration interval{5'000'000};

  // Reads "none", "each" or "interval:5ms".
  static absl::StatusOr<SyncPolicy> Parse(std::string_view text);
};

// Description
//   Writes blocks to segments and syncs them as the policy says.
// Errors
//   The first one is final: nothing may follow it. A sync that failed is never tried again.
// Threads
//   One at a time, but for the counters, which any thread may read.
class BlockCommitter {
 public:
  BlockCommitter(std::unique_ptr<RecordingDirectory> directory, const SyncPolicy& policy,
                 const SegmentOptions& segments, RecoveredRecording recovered)
      : directory_(std::move(directory)),
        policy_(policy),
        written_rows_(recovered.next_row),
        safe_rows_(recovered.next_row),
        segments_(*directory_, segments, std::move(recovered)) {}

  // Writes the block's rows, which are then forgotten. Safe at once with kEach.
  absl::Status Write(RecordedBlock& block);

  // With kInterval: when what is written must be made safe; nothing if it is.
  std::optional<ProcessingTime> sync_due() const { return sync_due_; }
  // Makes it safe.
  absl::Status Sync();
  // Closes the recording: all of it is safe.
  absl::Status Close();

  uint64_t written_rows() const { return written_rows_.load(std::memory_order_acquire); }
  uint64_t safe_rows() const { return safe_rows_.load(std::memory_order_acquire); }
  uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  uint64_t syncs() const { return syncs_.load(std::memory_order_relaxed); }

 private:
  void AllIsSafe();

  const std::unique_ptr<RecordingDirectory> directory_;
  const SyncPolicy policy_;
  SystemClock clock_;
  std::optional<ProcessingTime> sync_due_;

  std::atomic<uint64_t> written_rows_;
  std::atomic<uint64_t> safe_rows_;
  std::atomic<uint64_t> bytes_{0};
  std::atomic<uint64_t> syncs_{0};
  SegmentWriter segments_;
};

}  // namespace onrush
