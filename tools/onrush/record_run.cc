#include "tools/onrush/record_run.h"

#include <memory>
#include <utility>

#include "core/runtime/source.h"
#include "core/runtime/wall_clock.h"
#include "core/status_macros.h"
#include "fmt/format.h"
#include "ingest/open.h"
#include "ingest/text_arrival.h"
#include "operators/sinks/file_sink.h"
#include "tools/onrush/inputs.h"
#include "tools/onrush/run_report.h"

namespace onrush {
namespace {

// Blocks are small, so that much is written while more is read.
constexpr size_t kReadBytes = 128 * 1024;

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

// What came before the input failed is kept; that the input ended is not said.
absl::Status CloseAfter(const absl::Status& input, Recorder& recorder) {
  const absl::Status closed = recorder.Close(std::nullopt);
  if (closed.ok()) return input;
  return absl::Status(input.code(),
                      fmt::format("{}; and the recording cannot be closed: {}",
                                  std::string(input.message()), std::string(closed.message())));
}

absl::Status RecordAll(Source& source, Format format, StopToken stop, Recorder& recorder) {
  TextBlock block;
  while (true) {
    const absl::StatusOr<bool> more = source.Next(block);
    if (!more.ok() && !stop.requested()) return CloseAfter(AsInputError(more.status()), recorder);
    if (stop.requested()) return recorder.Close(std::nullopt);
    if (!*more) return recorder.Close(WallClockNs());
    MakeArrival(format, WallClockNs(), block);
    ONRUSH_RETURN_IF_ERROR(recorder.Append(block));
    // What one read brought is kept together, before the next one may wait.
    if (source.may_wait()) ONRUSH_RETURN_IF_ERROR(recorder.HandOver());
  }
}

std::string WhatIsThere(const RecorderFigures& figures) {
  return fmt::format("{} rows recorded, {} safe, {} bytes, {} syncs",
                     WithThousands(figures.rows_written), WithThousands(figures.rows_safe),
                     WithThousands(figures.bytes), WithThousands(figures.syncs));
}

}  // namespace

absl::Status RecordFiles(const StreamPlan& stream, const RecordOptions& options) {
  ONRUSH_ASSIGN_OR_RETURN(const Format format, InputFormat(stream, options.inputs));
  if (format == Format::kArrivals) {
    return absl::InvalidArgumentError(
        "the input is a recording already; right would be files or -");
  }
  ONRUSH_RETURN_IF_ERROR(CheckRetention(options.recorder.segments, stream, format));
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
    fmt::print(stderr, "onrush: {}: {} bytes of a torn end are cut off; nothing tells that they were safe\n",
               options.directory, recorder->bytes_cut());
  }
  const absl::Status status = RecordAll(**source, format, options.stop, *recorder);
  if (!status.ok()) {
    return absl::Status(
        status.code(), fmt::format("{}; the recording ends here: {}", std::string(status.message()),
                                   WhatIsThere(recorder->figures())));
  }
  if (options.stop.requested()) {
    return absl::CancelledError(fmt::format("interrupted: {}", WhatIsThere(recorder->figures())));
  }
  fmt::print(stderr, "{}\n", WhatIsThere(recorder->figures()));
  return absl::OkStatus();
}

}  // namespace onrush
