#include "tools/onrush/record_run.h"

#include <chrono>
#include <memory>
#include <utility>

#include "core/runtime/source.h"
#include "core/status_macros.h"
#include "fmt/format.h"
#include "ingest/open.h"
#include "ingest/recording/recording_source.h"
#include "ingest/text_arrival.h"
#include "operators/sinks/file_sink.h"
#include "tools/onrush/inputs.h"
#include "tools/onrush/run_report.h"

namespace onrush {
namespace {

// Blocks are small, so that much is written while more is read.
constexpr size_t kReadBytes = 128 * 1024;

int64_t WallClockNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// Tells standard output what is safe. The recorder's thread calls it.
class Acknowledger {
 public:
  static absl::StatusOr<std::unique_ptr<Acknowledger>> Open(StopToken stop) {
    ONRUSH_ASSIGN_OR_RETURN(std::unique_ptr<FileSink> output, FileSink::Open("-", stop));
    return std::unique_ptr<Acknowledger>(new Acknowledger(std::move(output)));
  }
  // Nobody who reads no longer is owed a word; the recording goes on.
  void Tell(uint64_t safe_rows) {
    output_->Write(fmt::format("{{\"safe_rows\":{}}}\n", safe_rows)).IgnoreError();
    output_->Flush().IgnoreError();
  }

 private:
  explicit Acknowledger(std::unique_ptr<FileSink> output) : output_(std::move(output)) {}
  const std::unique_ptr<FileSink> output_;
};

absl::Status CheckRecording(const RecordOptions& options, const StreamPlan& stream, Format format) {
  const absl::StatusOr<RecordedStream> there = ReadRecordedStream(options.directory);
  if (!there.ok()) return absl::OkStatus();  // a new one
  if (there->name != stream.name || there->format != format) {
    return absl::InvalidArgumentError(fmt::format(
        "'{}': found a recording of the stream '{}' in {}; right would be '{}' in {}, or another "
        "directory",
        options.directory, there->name, FormatName(there->format), stream.name,
        FormatName(format)));
  }
  return absl::OkStatus();
}

absl::Status CheckOptions(const RecordOptions& options, const StreamPlan& stream, Format format) {
  if (format == Format::kArrivals) {
    return absl::InvalidArgumentError(
        "the input is a recording already; right would be files or -");
  }
  const SegmentOptions& segments = options.recorder.segments;
  const bool forgets = segments.keep_bytes || segments.keep_time;
  if (forgets && format == Format::kCsv && stream.header) {
    return absl::InvalidArgumentError(
        "--keep-size and --keep-time would remove the header of CSV with the oldest segment; right "
        "would be a stream with header = false, or neither");
  }
  return CheckRecording(options, stream, format);
}

absl::Status RecordAll(Source& source, Format format, StopToken stop, Recorder& recorder) {
  TextBlock block;
  while (true) {
    const absl::StatusOr<bool> more = source.Next(block);
    if (!more.ok() && !stop.requested()) return AsInputError(more.status());
    if (stop.requested()) return recorder.Close(std::nullopt);
    if (!*more) return recorder.Close(WallClockNs());
    MakeArrival(format, WallClockNs(), block);
    ONRUSH_RETURN_IF_ERROR(recorder.Append(block));
    // What one read brought is kept together, before the next one may wait.
    if (source.may_wait()) ONRUSH_RETURN_IF_ERROR(recorder.HandOver());
  }
}

std::string WhatIsThere(const Recorder& recorder) {
  return fmt::format("{} rows recorded, {} safe, {} bytes, {} syncs",
                     WithThousands(recorder.rows() - recorder.rows_found()),
                     WithThousands(recorder.safe_rows() - recorder.rows_found()),
                     WithThousands(recorder.bytes()), WithThousands(recorder.syncs()));
}

}  // namespace

absl::Status RecordFiles(const StreamPlan& stream, const RecordOptions& options) {
  ONRUSH_ASSIGN_OR_RETURN(const Format format, InputFormat(stream, options.inputs));
  ONRUSH_RETURN_IF_ERROR(CheckOptions(options, stream, format));
  BlockOptions blocks;
  blocks.block_bytes = kReadBytes;
  blocks.stop = options.stop;
  const auto source = OpenInputs(options.inputs, stream, format, blocks, false);
  if (!source.ok()) return AsInputError(source.status());
  ONRUSH_ASSIGN_OR_RETURN(auto directory, OpenRecordingDirectory(options.directory));
  std::unique_ptr<Acknowledger> acknowledger;
  Recorder::SafeFn on_safe;
  if (options.acknowledge) {
    ONRUSH_ASSIGN_OR_RETURN(acknowledger, Acknowledger::Open(options.stop));
    on_safe = [&acknowledger](uint64_t rows) { acknowledger->Tell(rows); };
  }
  ONRUSH_ASSIGN_OR_RETURN(
      const std::unique_ptr<Recorder> recorder,
      Recorder::Open(std::move(directory), stream, format, options.recorder, on_safe));
  if (recorder->bytes_cut() > 0) {
    fmt::print(stderr, "onrush: {}: {} bytes of a torn end, which were never safe, are cut off\n",
               options.directory, recorder->bytes_cut());
  }
  const absl::Status status = RecordAll(**source, format, options.stop, *recorder);
  if (!status.ok()) {
    return absl::Status(
        status.code(), fmt::format("{}; the recording ends here: {}", std::string(status.message()),
                                   WhatIsThere(*recorder)));
  }
  if (options.stop.requested()) {
    return absl::CancelledError(fmt::format("interrupted: {}", WhatIsThere(*recorder)));
  }
  fmt::print(stderr, "{}\n", WhatIsThere(*recorder));
  return absl::OkStatus();
}

}  // namespace onrush
