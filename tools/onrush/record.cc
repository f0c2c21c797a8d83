#include <optional>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "tools/engine/pipeline_file.h"
#include "tools/onrush/commands.h"
#include "tools/onrush/interrupt.h"
#include "tools/onrush/record_run.h"
#include "tools/onrush/recorder_flags.h"

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
  RecorderFlags recorder;
  std::vector<std::string> files;
};

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
  if (options.recorder.zstd_level < 0 || options.recorder.zstd_level > 19) {
    return absl::InvalidArgumentError(
        fmt::format("--zstd {}: must be from 1 to 19, or 0 for none", options.recorder.zstd_level));
  }
  return texts.recorder.Read(options.recorder);
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
  texts.recorder.AddTo(command_line);
  command_line.AddSwitch("--acknowledge", options.acknowledge,
                         "Tell standard output how many rows are safe, whenever there are more");
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
