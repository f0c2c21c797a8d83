// Records in a late output are replayed as they were read the first time.
#include <algorithm>
#include <cstdint>
#include <string>

#include "doctest/doctest.h"
#include "tests/support/model_records.h"
#include "tests/support/model_text.h"
#include "tests/support/plan_text.h"
#include "tests/support/random_case.h"
#include "tests/support/run_engine.h"

namespace onrush {
namespace {

constexpr uint64_t kCases = 300;

// Each record as the late output would have it.
std::string LateOutput(const StreamPlan& stream, const InputText& input) {
  std::string text;
  for (const model::Record& record : model::ReadRecords(stream, input)) {
    text += "{\"stream\":\"s\"," + model::RawMember(record.raw) + "}\n";
  }
  return text;
}

size_t LineCount(const std::string& text) {
  return static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_SUITE_BEGIN("tests/property/late_input");

TEST_CASE("a late output gives what its records gave") {
  uint64_t compared = 0;
  for (uint64_t seed = 0; seed < kCases; ++seed) {
    const RandomCase random_case = MakeRandomCase(seed);
    const StreamPlan& stream = random_case.plan.streams[0];
    if (stream.format == Format::kCsv && stream.header) continue;  // which the output does not have
    ++compared;
    Plan late_plan = random_case.plan;
    late_plan.streams[0].format = Format::kLate;
    late_plan.streams[0].raw_format = stream.format;
    const RunResult expected = RunEngine(random_case.plan, random_case.input);
    const RunResult actual =
        RunEngine(late_plan, {0, "late.jsonl", LateOutput(stream, random_case.input)},
                  {.batch_rows = 1 + seed % 9, .block_bytes = 50 + seed, .shards = seed % 4});
    INFO("seed " << seed);
    INFO(PlanText(random_case.plan));
    CHECK(actual.results == expected.results);
    CHECK(actual.late == expected.late);
    CHECK(LineCount(actual.bad) == LineCount(expected.bad));  // files and lines are others
    CHECK(actual.queries == expected.queries);
  }
  CHECK(compared > kCases / 4);
}

TEST_SUITE_END();

}  // namespace onrush
