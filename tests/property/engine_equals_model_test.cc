// Random plans on random inputs: the engine says byte for byte what the naive model says, whatever
// the sizes of batches and blocks, the number of shards and the seed of the hashes. ONRUSH_SEED=n
// runs one seed, ONRUSH_CASES=n the first n.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "doctest/doctest.h"
#include "tests/support/compare_results.h"
#include "tests/support/model.h"
#include "tests/support/plan_text.h"
#include "tests/support/random_case.h"
#include "tests/support/run_engine.h"

namespace onrush {
namespace {

constexpr uint64_t kDefaultCases = 2000;

uint64_t Setting(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// Empty, or how the engine differs from the model with some sizes.
std::string Difference(const RandomCase& random_case) {
  const RunResult expected = RunModel(random_case.plan, random_case.input);
  for (const EngineSettings& settings :
       {EngineSettings{1, 64, 0}, EngineSettings{2, 1000, 1}, EngineSettings{7, 300, 2},
        EngineSettings{64, 4096, 3}, EngineSettings{5, 200, 4}, EngineSettings{1024, 1 << 20, 0}}) {
    const RunResult actual = RunEngine(random_case.plan, random_case.input, settings);
    const std::string difference = FirstDifference(expected, actual);
    if (difference.empty()) continue;
    return "batches of " + std::to_string(settings.batch_rows) + " rows, blocks of " +
           std::to_string(settings.block_bytes) + " bytes, " + std::to_string(settings.shards) +
           " shards: " + difference;
  }
  return "";
}

}  // namespace

TEST_SUITE_BEGIN("tests/property/engine_equals_model");

TEST_CASE("the engine equals the naive model on random plans and inputs") {
  const uint64_t first = Setting("ONRUSH_SEED", 0);
  const uint64_t cases = Setting("ONRUSH_CASES", std::getenv("ONRUSH_SEED") ? 1 : kDefaultCases);
  for (uint64_t seed = first; seed < first + cases; ++seed) {
    const RandomCase random_case = MakeRandomCase(seed);
    const std::string difference = Difference(random_case);
    INFO("ONRUSH_SEED=" << seed);
    INFO(PlanText(random_case.plan));
    CHECK_MESSAGE(difference.empty(), difference);
  }
}

TEST_SUITE_END();

}  // namespace onrush
