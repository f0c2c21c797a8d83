// A recording as a source.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "core/block/block_view.h"
#include "core/plan.h"
#include "core/runtime/source.h"
#include "core/runtime/stop_token.h"
#include "ingest/recording/arrival_joiner.h"
#include "ingest/recording/recording_rows.h"
#include "ingest/recording/segment_name.h"
#include "ingest/recording/segment_reader.h"

namespace onrush {

struct RecordingOptions {
  // Damage is passed over and noted, rather than an error.
  bool skip_damaged = false;
  StopToken stop;
};

// True if `path` is a directory.
bool IsRecording(const std::string& path);

struct RecordedStream {
  std::string name;
  Format format;  // of the records
};

// What is in a recording, by its first block that can be read. Fails if it has none:
// with kDataLoss, if there are segments.
absl::StatusOr<RecordedStream> ReadRecordedStream(const std::string& directory);

// Description
//   Segments in their order, each of their blocks as one TextBlock with arrivals. What arrived
//   together, or is a text that was read piece by piece, is put together again.
// Threads
//   One at a time.
class RecordingSource : public Source {
 public:
  // `stream` is the one that must have been recorded. Fails if the directory has no segments.
  static absl::StatusOr<std::unique_ptr<RecordingSource>> Open(std::string directory,
                                                               std::string stream,
                                                               const RecordingOptions& options);

  // Fails with kDataLoss where the recording is damaged, and with kInvalidArgument if it has
  // another stream.
  absl::StatusOr<bool> Next(TextBlock& block) override;
  bool ends_input() const override { return input_ended_; }
  bool may_wait() const override { return false; }
  uint64_t bytes_read() const override { return bytes_read_; }
  uint64_t bytes_total() const override { return bytes_total_; }

  // A torn end, damage that was passed over, an input that did not end.
  std::vector<std::string> notes() const override { return notes_; }

 private:
  RecordingSource(std::string directory, std::string stream, const RecordingOptions& options,
                  std::vector<Segment> segments)
      : directory_(std::move(directory)),
        stream_(std::move(stream)),
        options_(options),
        segments_(std::move(segments)) {}
  absl::StatusOr<bool> NextTextBlock(TextBlock& block);
  void FillArrivals(TextBlock& block);
  RecordedKind KindAt(size_t row) const {
    return static_cast<RecordedKind>(columns_[recorded::kKind].ints[row]);
  }
  RecordedRow RowAt(size_t row);

  // Makes view_ and columns_ those of the next block; false after the last.
  absl::StatusOr<bool> NextBlock();
  absl::Status OpenSegment();
  absl::Status OpenBlock();
  absl::Status CopyColumns();
  absl::Status CheckRows(size_t rows);
  void CloseSegment();
  // Notes the damage and what is passed over for it, or returns it as an error.
  absl::Status PassOver(const absl::Status& damage, std::string_view what);
  // Goes on behind damage that the segment has.
  absl::Status SkipDamage(const absl::Status& damage);

  const std::string directory_;
  const std::string stream_;
  const RecordingOptions options_;
  const std::vector<Segment> segments_;
  size_t next_segment_ = 0;
  std::unique_ptr<SegmentReader> reader_;  // of segment next_segment_ − 1
  std::optional<uint64_t> expected_row_;   // where the next block begins; nothing after damage
  BlockView view_;
  std::vector<Column> columns_;  // of view_
  size_t next_row_of_view_ = 0;
  ArrivalJoiner joiner_;
  std::unordered_set<std::string> senders_;  // which arrivals refer to
  std::string_view last_sender_;
  std::string format_;  // of the rows so far
  uint64_t next_number_ = 0;
  bool input_ended_ = false;
  uint64_t bytes_read_ = 0;
  uint64_t bytes_total_ = 0;
  std::vector<std::string> notes_;
  bool done_ = false;
};

}  // namespace onrush
