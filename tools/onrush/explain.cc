#include <cstdio>
#include <string>

#include "fmt/format.h"
#include "tools/onrush/checked_pipeline.h"
#include "tools/onrush/commands.h"
#include "tools/onrush/explain/renderers.h"
#include "tools/onrush/flag_values.h"

namespace onrush {
namespace {

constexpr std::string_view kExamples =
    R"(  onrush explain tools/pipelines/top_pages.toml
  onrush explain --keys 2000000 tools/pipelines/card_velocity.toml
  onrush explain --format json inventory.toml | jq '.queries[].state'
  onrush explain --format dot inventory.toml | dot -Tsvg > inventory.svg
)";
constexpr std::string_view kSummary =
    "Says how a pipeline runs: the fields that are decoded, how events find their shard, which "
    "panes "
    "a window keeps, what is late when, and how much memory its state takes, which is measured.\n";

using Renderer = std::string (*)(const Explanation&);

Renderer RendererOf(const std::string& format) {
  if (format == "text") return ExplanationAsText;
  if (format == "json") return ExplanationAsJson;
  if (format == "dot") return ExplanationAsDot;
  return nullptr;
}

}  // namespace

ExitCode RunExplain(const Arguments& arguments) {
  std::string pipeline;
  std::string format = "text";
  uint64_t keys = 100'000;
  CommandLine command_line("explain", kSummary, kExamples);
  command_line.Add("PIPELINE", pipeline, "", "The pipeline file");
  command_line.Add("--format", format, "text|json|dot", "dot: a graph for Graphviz");
  command_line.Add("--keys", keys, "N", "Keys with state at a time, for each query");
  if (const std::optional<ExitCode> end = command_line.Parse(arguments)) return *end;
  if (pipeline.empty()) return command_line.Complain("say which pipeline file");
  const Renderer render = RendererOf(format);
  if (render == nullptr) {
    return command_line.Complain("--format: " + Unknown("format", format, {"text", "json", "dot"}));
  }
  if (const absl::Status range = CheckFlagRange("--keys", keys, 1, kMaxEstimateKeys); !range.ok()) {
    return command_line.Complain(std::string(range.message()));
  }

  const absl::StatusOr<std::unique_ptr<Engine>> engine = LoadChecked(pipeline);
  if (!engine.ok()) return ReportError(engine.status());
  const absl::StatusOr<Explanation> explanation = Explain((*engine)->plan(), keys);
  if (!explanation.ok()) return ReportError(explanation.status());
  fmt::print("{}", render(*explanation));
  return std::fflush(stdout) == 0 ? kExitDone : kExitFailed;
}

}  // namespace onrush
