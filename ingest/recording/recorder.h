// Keeps what arrives.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/plan.h"
#include "core/runtime/source.h"
#include "core/runtime/work_loop.h"
#include "core/spsc_ring.h"
#include "ingest/recording/block_committer.h"
#include "ingest/recording/recorded_block.h"
#include "ingest/recording/recording_directory.h"
#include "ingest/recording/recording_rows.h"
#include "ingest/recording/segment_writer.h"

namespace onrush {

struct RecorderOptions {
  SyncPolicy sync;
  SegmentOptions segments;
  // Zstandard's level, 1 to 19; 0: not compressed.
  int zstd_level = 0;
  // A block is handed over when it has so many bytes, at the latest.
  size_t block_bytes = 1 << 20;
};

// What a recorder has done in this run.
struct RecorderFigures {
  uint64_t rows = 0;
  uint64_t rows_written = 0;
  uint64_t rows_safe = 0;
  uint64_t bytes = 0;
  uint64_t syncs = 0;
};

// A CSV header would be removed with the oldest segment, and what is left could not be read. For
// whoever records texts with their headers.
absl::Status CheckRetention(const SegmentOptions& segments, const StreamPlan& stream,
                            Format format);

// Description
//   Rows are collected on the caller's thread; blocks are finished, written and synced on a thread
//   of the recorder's own, so that the caller does not wait for the medium, unless all of kBlocks
//   blocks are on their way there.
// Threads
//   One at a time, but for the counters, which any thread may read.
// Errors
//   The first one ends the recording: all later calls return it, and nothing that was not safe
//   before becomes safe.
class Recorder {
 public:
  // A medium may make wait for tens of milliseconds, in which some megabytes arrive.
  static constexpr size_t kBlocks = 32;

  // Told how many rows are safe, by the recorder's thread, whenever that changed.
  using SafeFn = std::function<void(uint64_t rows)>;

  // Takes up the recording that is in `directory`. Fails with kDataLoss if its last segment is
  // damaged, and with kInvalidArgument if it is one of another stream or format. `format` is that
  // of the records.
  static absl::StatusOr<std::unique_ptr<Recorder>> Open(
      std::unique_ptr<RecordingDirectory> directory, const StreamPlan& stream, Format format,
      const RecorderOptions& options, SafeFn on_safe = {});
  // What was not handed over is lost.
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // Adds the arrivals of a block; some 50 ns a record.
  absl::Status Append(const TextBlock& block);
  // Hands over what was appended, so that it will be written and, as the policy says, be safe.
  absl::Status HandOver();
  // Returns when all that was handed over is safe; with kNone, when it is written.
  absl::Status Wait();
  // Hands over the rest and closes the recording. `input_ended_ns`: when the input ended, if it
  // did; else a replay does not fire what is pending.
  absl::Status Close(std::optional<int64_t> input_ended_ns);

  const RecorderOptions& options() const { return options_; }
  // Rows of the recording, those of earlier runs included.
  uint64_t rows() const { return rows_.load(std::memory_order_relaxed); }
  uint64_t written_rows() const { return committer_.written_rows(); }
  uint64_t safe_rows() const { return committer_.safe_rows(); }
  RecorderFigures figures() const;
  bool failed() const { return failed_.load(std::memory_order_acquire); }
  // What the run found: rows, and bytes of a torn end, which it cut off.
  uint64_t rows_found() const { return rows_found_; }
  uint64_t bytes_cut() const { return bytes_cut_; }

 private:
  Recorder(std::unique_ptr<RecordingDirectory> directory, const StreamPlan& stream, Format format,
           const RecorderOptions& options, SafeFn on_safe, RecoveredRecording recovered);
  absl::Status AppendRow(RecordedRow& row);
  absl::Status OpenBlock();
  // Makes those that came back spare.
  void TakeBack();
  template <typename DoneFn>
  absl::Status WaitFor(DoneFn done);

  // The recorder's thread.
  bool Work();
  // Takes the oldest block; false if there is none.
  absl::StatusOr<bool> WriteOldest();
  absl::StatusOr<bool> SyncOrSleep();
  void Announce();

  const Format format_;
  const char delimiter_;
  const RecorderOptions options_;
  const SafeFn on_safe_;
  const uint64_t rows_found_;
  const uint64_t bytes_cut_;

  // The caller's.
  std::vector<std::unique_ptr<RecordedBlock>> blocks_;
  std::vector<RecordedBlock*> spare_;  // the last is the one that was used last, and may be cached
  RecordedBlock* open_ = nullptr;      // what is being collected
  uint64_t handed_over_rows_;
  bool first_of_input_ = false;  // the next row is
  bool close_called_ = false;
  std::atomic<uint64_t> rows_;

  SpscRing<RecordedBlock*> full_;   // to the recorder's thread …
  SpscRing<RecordedBlock*> empty_;  // … and back
  std::atomic<bool> closing_{false};
  std::atomic<uint32_t> progress_{0};  // counts what the caller may be waiting for

  // The recorder's thread.
  BlockCommitter committer_;
  SystemClock clock_;
  uint64_t announced_rows_;
  absl::Status status_;  // published by failed_
  std::atomic<bool> failed_{false};
  std::atomic<bool> closed_{false};

  WorkLoop loop_;
  std::thread thread_;
};

}  // namespace onrush
