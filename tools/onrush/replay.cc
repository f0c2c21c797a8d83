#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/status_macros.h"
#include "core/suggest.h"
#include "fmt/format.h"
#include "ingest/recording/recording_source.h"
#include "tools/engine/pipeline_file.h"
#include "tools/onrush/commands.h"
#include "tools/onrush/flag_values.h"
#include "tools/onrush/inputs.h"
#include "tools/onrush/interrupt.h"
#include "tools/onrush/pacer.h"
#include "tools/onrush/replay_run.h"
#include "tools/onrush/wait_flag.h"

namespace onrush {
namespace {

constexpr std::string_view kExamples =
    R"(  onrush replay -p top_pages.toml clicks.csv
  onrush replay -p top_pages.toml --output top.jsonl --late late.jsonl --bad bad.jsonl clicks.csv.gz
  zcat stock.csv.gz | onrush replay -p inventory.toml --format csv -
  onrush replay -p top_pages.toml --speed 10x clicks.csv
  onrush replay -p top_pages.toml --from 2026-03-02T08:00:00Z --until 2026-03-02T09:00:00Z all.orb
)";
constexpr std::string_view kSummary =
    "Feeds recorded events through a pipeline. The same input gives the same lines, byte for "
    "byte.\n";

struct Texts {
  std::string pipeline;
  std::string speed = "max";
  std::string format;
  std::string wait = "park";
  std::string from;
  std::string until;
  std::vector<std::string> inputs;
};

absl::StatusOr<ResultFormat> ReadFormat(const std::string& format, const std::string& output) {
  if (format == "jsonl") return ResultFormat::kJsonLines;
  if (format == "table") return ResultFormat::kTable;
  if (format == "csv") return ResultFormat::kCsv;
  if (!format.empty()) {
    return absl::InvalidArgumentError("--format: " +
                                      Unknown("format", format, {"jsonl", "table", "csv"}));
  }
  const bool on_terminal = output == "-" && isatty(STDOUT_FILENO);
  return on_terminal ? ResultFormat::kTable : ResultFormat::kJsonLines;
}

// "2026-03-02T08:00:00Z"; nothing for an empty text.
absl::StatusOr<std::optional<EventTime>> ReadInstant(std::string_view flag,
                                                     const std::string& text) {
  if (text.empty()) return std::optional<EventTime>();
  const std::optional<EventTime> time = ParseInstant(text);
  if (time) return time;
  return absl::InvalidArgumentError(fmt::format(
      "{} '{}': not an instant; right would be one such as 2026-03-02T08:00:00Z", flag, text));
}

// Events outside [from, until) shall not be there.
absl::Status ReadRange(const Texts& texts, StreamPlan& stream) {
  ONRUSH_ASSIGN_OR_RETURN(stream.replay_from, ReadInstant("--from", texts.from));
  ONRUSH_ASSIGN_OR_RETURN(stream.replay_until, ReadInstant("--until", texts.until));
  if (stream.replay_from && stream.replay_until && *stream.replay_from >= *stream.replay_until) {
    return absl::InvalidArgumentError(
        fmt::format("--from {}: must be before --until {}", texts.from, texts.until));
  }
  return absl::OkStatus();
}

absl::Status CheckRecordingFlags(const std::vector<std::string>& inputs,
                                 const ReplayOptions& options) {
  if (!options.skip_damaged && !options.finish) return absl::OkStatus();
  // What is not there is told by whoever opens it.
  const auto may_be_one = [](const std::string& input) {
    return IsRecording(input) || (input != "-" && access(input.c_str(), F_OK) != 0);
  };
  if (std::any_of(inputs.begin(), inputs.end(), may_be_one)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      fmt::format("{}: is for recordings, and '{}' is none",
                  options.skip_damaged ? "--skip-damaged" : "--finish", inputs.front()));
}

// What can be said without the pipeline file.
absl::Status ReadTexts(const Texts& texts, ReplayOptions& options) {
  if (texts.pipeline.empty()) return absl::InvalidArgumentError("say which pipeline: -p FILE");
  if (texts.inputs.empty()) {
    return absl::InvalidArgumentError(
        "say what to read: one file or more, or - for standard input");
  }
  ONRUSH_RETURN_IF_ERROR(CheckShards(options));
  ONRUSH_RETURN_IF_ERROR(ReadFlag("--wait", texts.wait, ReadWait, options.wait));
  ONRUSH_ASSIGN_OR_RETURN(options.speed, ParseSpeed(texts.speed));
  ONRUSH_ASSIGN_OR_RETURN(options.outputs.format,
                          ReadFormat(texts.format, options.outputs.results));
  return absl::OkStatus();
}

}  // namespace

ExitCode RunReplay(const Arguments& arguments) {
  ReplayOptions options;
  Texts texts;
  CommandLine command_line("replay", kSummary, kExamples);
  ReplayOutputOptions& outputs = options.outputs;
  command_line.AddFiles(
      "[STREAM=]FILE", texts.inputs,
      "CSV, JSON Lines, logs or .orb, also .gz and .zst; - is standard input. Several are "
      "read one after the other");
  command_line.Add("-p,--pipeline", texts.pipeline, "FILE", "What to compute");
  command_line.Add("-o,--output", outputs.results, "FILE", "Results; - is standard output");
  command_line.Add("--late", outputs.late, "FILE", "Events that came too late");
  command_line.Add("--bad", outputs.bad, "FILE", "Lines that could not be used");
  command_line.AddSwitch("--strict", outputs.strict, "A line that could not be used ends the run");
  command_line.Add(
      "--shards", options.shards, "N",
      "Threads that share the keys; 0: everything on one thread [processors less one]");
  command_line.Add("--wait", texts.wait, "spin|yield|park", "How idle threads wait [park]");
  command_line.Add("--speed", texts.speed, "max|Nx", "Event time against the clock: 1x, 10x");
  command_line.Add("--from", texts.from, "TIME", "Only events that happened then or later");
  command_line.Add("--until", texts.until, "TIME", "Only events that happened before");
  command_line.Add("--format", texts.format, "jsonl|table|csv",
                   "[a table on a terminal, else jsonl]; csv has a header wherever the query "
                   "changes");
  command_line.AddSwitch("--skip-damaged", options.skip_damaged,
                         "Recordings: pass over what is damaged, and tell");
  command_line.AddSwitch("--finish", options.finish,
                         "Recordings: fire what is pending where the input did not end");
  command_line.Add("--stats", options.stats, "FILE", "The ledger and figures, as JSON");
  if (const std::optional<ExitCode> end = command_line.Parse(arguments)) return *end;

  if (const absl::Status status = ReadTexts(texts, options); !status.ok()) {
    return command_line.Complain(std::string(status.message()));
  }
  absl::StatusOr<Plan> plan = LoadPipeline(texts.pipeline);
  if (!plan.ok()) return ReportError(plan.status());
  absl::Status files = BindInputs(*plan, texts.inputs);
  files.Update(ReadRange(texts, plan->streams.front()));
  files.Update(CheckRecordingFlags(texts.inputs, options));
  files.Update(
      CheckFilesDiffer(texts.inputs, {outputs.results, outputs.late, outputs.bad, options.stats}));
  if (!files.ok()) return command_line.Complain(std::string(files.message()));
  // Where results scroll past on the same terminal, a progress line would only tear them.
  options.progress =
      isatty(STDERR_FILENO) && !(options.outputs.results == "-" && isatty(STDOUT_FILENO));
  CatchInterrupts();
  options.stop = options.outputs.stop = InterruptToken();
  SystemClock clock;
  const absl::Status status = ReplayFiles(*std::move(plan), texts.inputs, options, clock);
  return status.ok() ? kExitDone : ReportError(status);
}

}  // namespace onrush
