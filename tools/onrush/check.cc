#include <string>

#include "fmt/format.h"
#include "tools/engine/engine.h"
#include "tools/engine/pipeline_file.h"
#include "tools/onrush/commands.h"
#include "tools/onrush/describe_plan.h"

namespace onrush {
namespace {

constexpr std::string_view kExamples = "  onrush check tools/pipelines/top_pages.toml\n";
constexpr std::string_view kSummary =
    "Says what a pipeline file asks for, or what is wrong with it and where (exit code 78).\n";

}  // namespace

ExitCode RunCheck(const Arguments& arguments) {
  std::string pipeline;
  CommandLine command_line("check", kSummary, kExamples);
  command_line.Add("PIPELINE", pipeline, "", "The pipeline file");
  if (const std::optional<ExitCode> end = command_line.Parse(arguments)) return *end;
  if (pipeline.empty()) return command_line.Complain("say which pipeline file");

  absl::StatusOr<Plan> plan = LoadPipeline(pipeline);
  if (!plan.ok()) return ReportError(plan.status());
  // What only shows when it is put together, such as a time zone that the system does not have.
  const absl::StatusOr<std::unique_ptr<Engine>> engine =
      Engine::Create(*std::move(plan), EngineOptions(), EngineOutputs());
  if (!engine.ok()) return ReportError(engine.status());
  fmt::print("{}: good\n\n{}", pipeline, DescribePlan((*engine)->plan()));
  return std::fflush(stdout) == 0 ? kExitDone : kExitFailed;
}

}  // namespace onrush
