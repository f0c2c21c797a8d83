// Random plans written as pipeline files and read back: the same plan, in the same words and by
// what it computes.
#include <string>

#include "doctest/doctest.h"
#include "tests/support/compare_results.h"
#include "tests/support/model.h"
#include "tests/support/plan_text.h"
#include "tests/support/random_case.h"
#include "tests/support/run_engine.h"
#include "tools/engine/pipeline_file.h"

namespace onrush {

TEST_SUITE_BEGIN("tests/property/pipeline_text");

TEST_CASE("a plan read from its pipeline file is the same plan") {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    const RandomCase random_case = MakeRandomCase(seed);
    const std::string text = PlanText(random_case.plan);
    INFO("seed " << seed << "\n" << text);
    const absl::StatusOr<Plan> plan = ParsePipeline(text, "random.toml");
    REQUIRE_MESSAGE(plan.ok(), plan.status().ToString());
    CHECK(PlanText(*plan) == text);
    const RunResult expected = RunModel(random_case.plan, random_case.input);
    CHECK(FirstDifference(expected, RunEngine(*plan, random_case.input)) == "");
  }
}

TEST_SUITE_END();

}  // namespace onrush
