#include <optional>
#include <string>
#include <vector>

#include "core/status_macros.h"
#include "core/time.h"
#include "fmt/format.h"
#include "tools/engine/pipeline_file.h"
#include "tools/onrush/byte_size.h"
#include "tools/onrush/commands.h"
#include "tools/onrush/interrupt.h"
#include "tools/onrush/record_run.h"

namespace onrush {
namespace {

constexpr std::string_view kExamples =
    R"(  onrush record -p payments.toml recording payments.csv
  nc -l 9100 | onrush record -p payments.toml --sync each --acknowledge recording -
  onrush replay -p payments.toml recording
)";
constexpr std::string_view kSummary =
    "Keeps events as they arrive, in a directory that `onrush replay` reads like a file. What is\n"
    "there already is gone on with.\n";

struct Texts {
  std::string pipeline;
  std::string sync = "interval:5ms";
  std::string segment_size = "256MiB";
  std::string segment_time = "1h";
  std::string keep_size;
  std::string keep_time;
  std::vector<std::string> files;
};

template <typename T, typename ReadFn>
absl::Status ReadFlag(std::string_view flag, const std::string& text, ReadFn read, T& value) {
  if (text.empty()) return absl::OkStatus();
  const auto result = read(text);
  if (!result.ok()) {
    return absl::InvalidArgumentError(
        fmt::format("{}: {}", flag, std::string(result.status().message())));
  }
  value = *result;
  return absl::OkStatus();
}

absl::Status ReadTexts(const Texts& texts, RecordOptions& options) {
  if (texts.pipeline.empty()) {
    return absl::InvalidArgumentError("say what the events look like with -p PIPELINE");
  }
  if (texts.files.empty()) {
    return absl::InvalidArgumentError("say where to keep the recording: DIR [FILE…]");
  }
  options.directory = texts.files.front();
  options.inputs.assign(texts.files.begin() + 1, texts.files.end());
  if (options.inputs.empty()) options.inputs = {"-"};
  RecorderOptions& recorder = options.recorder;
  SegmentOptions& segments = recorder.segments;
  if (recorder.zstd_level < 0 || recorder.zstd_level > 19) {
    return absl::InvalidArgumentError("--zstd: must be from 1 to 19");
  }
  ONRUSH_RETURN_IF_ERROR(ReadFlag("--sync", texts.sync, SyncPolicy::Parse, recorder.sync));
  ONRUSH_RETURN_IF_ERROR(
      ReadFlag("--segment-size", texts.segment_size, ParseByteSize, segments.segment_bytes));
  ONRUSH_RETURN_IF_ERROR(
      ReadFlag("--segment-time", texts.segment_time, ParseDuration, segments.segment_time));
  ONRUSH_RETURN_IF_ERROR(
      ReadFlag("--keep-size", texts.keep_size, ParseByteSize, segments.keep_bytes));
  return ReadFlag("--keep-time", texts.keep_time, ParseDuration, segments.keep_time);
}

}  // namespace

ExitCode RunRecord(const Arguments& arguments) {
  RecordOptions options;
  Texts texts;
  uint64_t zstd_level = 0;
  CommandLine command_line("record", kSummary, kExamples);
  command_line.AddFiles("DIR [FILE…]", texts.files,
                        "Where to keep it, and what to read; nothing or - is standard input");
  command_line.Add("-p,--pipeline", texts.pipeline, "FILE", "What the events look like");
  command_line.Add("--sync", texts.sync, "none|interval:TIME|each",
                   "When what arrived is made safe from a loss of power");
  command_line.AddSwitch("--acknowledge", options.acknowledge,
                         "Tell standard output how many rows are safe, whenever there are more");
  command_line.Add("--segment-size", texts.segment_size, "SIZE", "Begin a new file after so much");
  command_line.Add("--segment-time", texts.segment_time, "TIME", "… or after so long");
  command_line.Add("--keep-size", texts.keep_size, "SIZE", "Remove the oldest files beyond that");
  command_line.Add("--keep-time", texts.keep_time, "TIME", "Remove files older than that");
  command_line.Add("--zstd", zstd_level, "LEVEL", "Compress, 1 (fast) to 19 (small)");
  if (const std::optional<ExitCode> end = command_line.Parse(arguments)) return *end;

  options.recorder.zstd_level = zstd_level > 19 ? -1 : static_cast<int>(zstd_level);
  if (const absl::Status status = ReadTexts(texts, options); !status.ok()) {
    return command_line.Complain(std::string(status.message()));
  }
  const absl::StatusOr<Plan> plan = LoadPipeline(texts.pipeline);
  if (!plan.ok()) return ReportError(plan.status());
  CatchInterrupts();
  options.stop = InterruptToken();
  const absl::Status status = RecordFiles(plan->streams.front(), options);
  return status.ok() ? kExitDone : ReportError(status);
}

}  // namespace onrush
