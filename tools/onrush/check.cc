#include <string>

#include "fmt/format.h"
#include "tools/onrush/checked_pipeline.h"
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

  const absl::StatusOr<std::unique_ptr<Engine>> engine = LoadChecked(pipeline);
  if (!engine.ok()) return ReportError(engine.status());
  fmt::print("{}: good\n\n{}", pipeline, DescribePlan((*engine)->plan()));
  return std::fflush(stdout) == 0 ? kExitDone : kExitFailed;
}

}  // namespace onrush
