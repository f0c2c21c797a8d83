// Blocks into the segments of a recording.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/block/block_format.h"
#include "core/block/file_index.h"
#include "core/time.h"
#include "ingest/recording/recording_directory.h"
#include "ingest/recording/segment_name.h"

namespace onrush {

struct SegmentOptions {
  // Behaviour
  // A segment is closed when it has so many bytes, or its events arrived over so long a time.
  uint64_t segment_bytes = uint64_t{256} << 20;
  Duration segment_time{int64_t{3600} * 1'000'000'000};
  // Closed segments are removed, the oldest first, when all together have more bytes, or when their
  // last event arrived so long before the latest one; none: never.
  std::optional<uint64_t> keep_bytes;
  std::optional<Duration> keep_time;
};

// What an earlier run left behind.
struct RecoveredRecording {
  uint64_t next_row = 0;
  std::deque<Segment> segments;  // all of them closed
  uint64_t cut_bytes = 0;        // of a torn end
};

// Closes the last segment of a recording if its writer did not: cuts off what is torn, writes the
// index. What is there then survives a loss of power. Fails with kDataLoss if that segment is
// damaged elsewhere.
absl::StatusOr<RecoveredRecording> RecoverRecording(RecordingDirectory& directory);

// Description
//   Appends blocks, begins a new segment where one is full, and removes the oldest. A segment is
//   synced when it is closed, before the next one begins: only the last one is ever torn.
// Errors
//   The first one is final: nothing may follow it.
// Threads
//   One at a time.
class SegmentWriter {
 public:
  // `directory` must outlive the writer.
  SegmentWriter(RecordingDirectory& directory, const SegmentOptions& options,
                RecoveredRecording recovered);

  // Appends one block. If it cannot be written, what is there of it is cut off.
  absl::Status Append(const BlockHeader& header, std::string_view block);
  // What was appended survives a loss of power.
  absl::Status Sync();
  // Closes the last segment.
  absl::Status Close();

  // Rows appended, of earlier runs too.
  uint64_t rows() const { return next_row_; }

 private:
  absl::Status Begin();
  absl::Status RemoveOld(int64_t now_ns);
  bool IsTooOld(const Segment& segment, int64_t now_ns) const;
  bool IsFull(const BlockHeader& next) const;

  RecordingDirectory& directory_;
  const SegmentOptions options_;
  std::deque<Segment> closed_;
  uint64_t next_row_;

  std::unique_ptr<AppendFile> file_;  // null: no segment is open
  uint64_t first_row_ = 0;            // of the open segment
  FileIndex index_;
  int64_t first_arrival_ = 0;
};

}  // namespace onrush
