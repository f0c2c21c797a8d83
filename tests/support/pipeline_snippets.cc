#include "tests/support/pipeline_snippets.h"

#include "doctest/doctest.h"
#include "fmt/format.h"
#include "tools/engine/pipeline_file.h"

namespace onrush {

std::string PipelineErrorsOf(std::string_view text) {
  const absl::StatusOr<Plan> plan = ParsePipeline(text, "p.toml");
  return plan.ok() ? "no error" : std::string(plan.status().message());
}

std::string WithStream(std::string_view settings) {
  return fmt::format(
      "[stream.clicks]\n{}\n[stream.clicks.fields]\nts = 'timestamp'\npage = 'string'\n"
      "amount = 'decimal(2)'\n[[query]]\nname = 'q'\ntype = 'aggregate'\ncompute = ['count']\n",
      settings);
}

std::string WithQuery(std::string_view settings) {
  return fmt::format(
      "[stream.clicks]\ntime = 'ts'\nallowed_lateness = '1h'\n[stream.clicks.fields]\n"
      "ts = 'timestamp'\npage = 'string'\nuser = 'string'\namount = 'decimal(2)'\n"
      "weight = 'float'\n[[query]]\nname = 'q'\n{}\n",
      settings);
}

std::string WithTopK(std::string_view settings) {
  return WithQuery(fmt::format("type = 'top_k'\n{}", settings));
}
std::string WithVelocity(std::string_view settings) {
  return WithQuery(fmt::format("type = 'velocity'\n{}", settings));
}
std::string WithAggregate(std::string_view settings) {
  return WithQuery(fmt::format("type = 'aggregate'\n{}", settings));
}

void CheckPipelineErrors(std::string (*file)(std::string_view),
                         const std::vector<PipelineErrorCase>& cases) {
  for (const PipelineErrorCase& c : cases) {
    CAPTURE(c.snippet);
    CHECK(PipelineErrorsOf(file(c.snippet)) == c.error);
  }
}

}  // namespace onrush
