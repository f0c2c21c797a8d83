#include <string>
#include <vector>

#include "tools/engine/pipeline_file.h"
#include "tools/onrush/commands.h"
#include "tools/onrush/convert_run.h"
#include "tools/onrush/interrupt.h"

namespace onrush {
namespace {

constexpr std::string_view kExamples =
    R"(  onrush convert -p top_pages.toml clicks.csv clicks.orb      typed columns, fast to replay
  onrush convert 2026-*.csv.gz --zstd 3 all.orb               all columns, as texts
  onrush convert all.orb all.csv                              and back
)";
constexpr std::string_view kSummary =
    "Turns recorded events into columns (.orb), or columns into CSV or JSON Lines. With a "
    "pipeline\n"
    "the fields of its stream are kept, with their types; without one everything, as texts.\n";

}  // namespace

ExitCode RunConvert(const Arguments& arguments) {
  ConvertOptions options;
  std::string pipeline;
  CommandLine command_line("convert", kSummary, kExamples);
  std::vector<std::string> files;
  command_line.AddFiles("IN… OUT", files,
                        "CSV, JSON Lines or .orb, also .gz and .zst, with a pipeline whatever it "
                        "reads, recordings too; OUT ends in .orb, .csv or .jsonl");
  command_line.Add("-p,--pipeline", pipeline, "FILE", "What the events look like");
  command_line.Add("--zstd", options.zstd_level, "LEVEL", "Compress, 1 (fast) to 19 (small)");
  command_line.Add("--bad", options.bad, "FILE", "Lines that could not be used");
  command_line.AddSwitch("--skip-damaged", options.skip_damaged,
                         "Recordings: pass over what is damaged, and tell");
  if (const std::optional<ExitCode> end = command_line.Parse(arguments)) return *end;

  if (files.size() < 2) {
    return command_line.Complain("say what to read and, last, what to write: IN… OUT.orb");
  }
  options.output = files.back();
  files.pop_back();
  options.inputs = std::move(files);
  if (const absl::Status status = options.Validate(); !status.ok()) {
    return command_line.Complain(std::string(status.message()));
  }
  if (!pipeline.empty()) {
    absl::StatusOr<Plan> plan = LoadPipeline(pipeline);
    if (!plan.ok()) return ReportError(plan.status());
    options.stream = plan->streams.front();
  }
  CatchInterrupts();
  options.stop = InterruptToken();
  const absl::Status status = ConvertFiles(options);
  return status.ok() ? kExitDone : ReportError(status);
}

}  // namespace onrush
