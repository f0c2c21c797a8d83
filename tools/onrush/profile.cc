#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "core/status_macros.h"
#include "fmt/format.h"
#include "operators/sinks/file_sink.h"
#include "tools/engine/pipeline_file.h"
#include "tools/onrush/commands.h"
#include "tools/onrush/inputs.h"
#include "tools/onrush/interrupt.h"
#include "tools/onrush/profile/profiler.h"
#include "tools/onrush/profile/renderers.h"
#include "tools/onrush/replay_run.h"

namespace onrush {
namespace {

constexpr std::string_view kExamples =
    R"(  onrush profile -p top_pages.toml clicks.csv
  onrush profile -p top_pages.toml --shards 0 --trace trace.json clicks.csv     see ui.perfetto.dev
  onrush profile -p top_pages.toml --format json clicks.orb | jq '.all_threads.stages[] | {stage, share}'
)";
constexpr std::string_view kSummary =
    "Replays recorded events and says where the time goes: per thread and stage, with the "
    "machine's "
    "stalls told apart, allocations, page faults and the memory of the state.\n";

// 8 MB, touched before the run.
constexpr size_t kSpansPerThread = 250'000;

struct Texts {
  std::string pipeline;
  std::string format = "text";
  std::string trace;
  std::vector<std::string> inputs;
};

using Renderer = std::string (*)(const Profile&);

Renderer RendererOf(const std::string& format) {
  if (format == "text") return ProfileAsText;
  if (format == "json") return ProfileAsJson;
  return nullptr;
}

absl::Status Check(const Texts& texts, const ReplayOptions& options) {
  if (texts.pipeline.empty()) return absl::InvalidArgumentError("say which pipeline: -p FILE");
  if (texts.inputs.empty()) {
    return absl::InvalidArgumentError(
        "say what to read: one file or more, or - for standard input");
  }
  if (RendererOf(texts.format) == nullptr) {
    return absl::InvalidArgumentError("--format: " +
                                      Unknown("format", texts.format, {"text", "json"}));
  }
  return CheckShards(options);
}

absl::StatusOr<Profile> Measure(Plan plan, const Texts& texts, ReplayOptions& options) {
  std::unique_ptr<FileSink> trace;  // opened before anything is read
  if (!texts.trace.empty()) {
    ONRUSH_ASSIGN_OR_RETURN(trace, FileSink::Open(texts.trace, options.stop));
  }
  Profiler profiler({.span_capacity = trace == nullptr ? 0 : kSpansPerThread});
  options.watcher = &profiler;
  SystemClock clock;
  ONRUSH_RETURN_IF_ERROR(ReplayFiles(std::move(plan), texts.inputs, options, clock));
  if (trace != nullptr) {
    ONRUSH_RETURN_IF_ERROR(WriteTrace(profiler.profile(), profiler.timers(), *trace));
  }
  return profiler.profile();
}

}  // namespace

ExitCode RunProfile(const Arguments& arguments) {
  ReplayOptions options;
  options.outputs.results = "/dev/null";
  Texts texts;
  CommandLine command_line("profile", kSummary, kExamples);
  command_line.AddFiles("[STREAM=]FILE", texts.inputs, "What replay takes; - is standard input");
  command_line.Add("-p,--pipeline", texts.pipeline, "FILE", "What to compute");
  command_line.Add("-o,--output", options.outputs.results, "FILE",
                   "Results [they are made, counted and dropped]");
  command_line.Add(
      "--shards", options.shards, "N",
      "Threads that share the keys; 0: everything on one thread [processors less one]");
  command_line.Add("--trace", texts.trace, "FILE",
                   "Every batch and stage, for ui.perfetto.dev or chrome://tracing");
  command_line.Add("--format", texts.format, "text|json", "How to say it [text]");
  if (const std::optional<ExitCode> end = command_line.Parse(arguments)) return *end;

  if (const absl::Status status = Check(texts, options); !status.ok()) {
    return command_line.Complain(std::string(status.message()));
  }
  absl::StatusOr<Plan> plan = LoadPipeline(texts.pipeline);
  if (!plan.ok()) return ReportError(plan.status());
  absl::Status files = BindInputs(*plan, texts.inputs);
  files.Update(CheckFilesDiffer(texts.inputs, {options.outputs.results, texts.trace}));
  if (!files.ok()) return command_line.Complain(std::string(files.message()));
  options.progress = isatty(STDERR_FILENO);
  CatchInterrupts();
  options.stop = options.outputs.stop = InterruptToken();
  const absl::StatusOr<Profile> profile = Measure(*std::move(plan), texts, options);
  if (!profile.ok()) return ReportError(profile.status());
  fmt::print("{}", RendererOf(texts.format)(*profile));
  return std::fflush(stdout) == 0 ? kExitDone : kExitFailed;
}

}  // namespace onrush
