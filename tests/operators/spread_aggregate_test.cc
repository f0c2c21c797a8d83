// Aggregates without a key, over runs of events of any length.
#include <algorithm>
#include <map>
#include <random>
#include <string>

#include "doctest/doctest.h"
#include "fmt/format.h"
#include "tests/support/run_engine.h"
#include "tools/engine/pipeline_file.h"

namespace onrush {
namespace {

constexpr int64_t kMinute = 60;

struct Sum {
  int64_t count = 0;
  int64_t sum = 0;
};

RunResult Run(const std::string& text, const std::string& where, EngineSettings settings) {
  const absl::StatusOr<Plan> plan = ParsePipeline(
      "[stream.s]\ntime = 't'\ntime_format = 'unix_s'\nformat = 'csv'\nheader = false\n"
      "max_out_of_orderness = '1m'\n[stream.s.fields]\nt = 'timestamp'\nv = 'int'\n"
      "[[query]]\nname = 'q'\ntype = 'aggregate'\nwindow = { size = '1m' }\n"
      "compute = ['count', 'sum(v)']\n" +
          where,
      "p.toml");
  REQUIRE_MESSAGE(plan.ok(), plan.status().ToString());
  return RunEngine(*plan, {0, "in.csv", text}, settings);
}

}  // namespace

TEST_SUITE_BEGIN("operators/spread_aggregate");

TEST_CASE("windows have the events of their time, however these are mixed and cut into batches") {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    std::mt19937_64 random(seed);
    std::string text;
    std::map<int64_t, Sum> all, some;  // by minute
    int64_t now = 600;
    for (int i = 0; i < 6000; ++i) {
      // Some stretches are of one minute, in others two take turns.
      now += random() % 30 == 0 ? 1 : 0;
      const int64_t time = now - static_cast<int64_t>(random() % (1 + seed % 3 * 25));
      const auto value = static_cast<int64_t>(random() % 2001) - 1000;
      text += fmt::format("{},{}\n", time, value);
      for (auto* sums : {&all, &some}) {
        if (sums == &some && value <= 0) continue;
        Sum& sum = (*sums)[time / kMinute];
        ++sum.count;
        sum.sum += value;
      }
    }
    for (const auto& [where, sums] : {std::pair{"", all}, {"where = 'v > 0'\n", some}}) {
      for (const EngineSettings settings :
           {EngineSettings{}, EngineSettings{.batch_rows = 100}, EngineSettings{.batch_rows = 1},
            EngineSettings{.shards = 2}}) {
        const RunResult result = Run(text, where, settings);
        INFO("seed " << seed << " " << where << settings.batch_rows);
        CHECK(result.queries[0].late == 0);
        CHECK(static_cast<size_t>(std::count(result.results.begin(), result.results.end(), '\n')) ==
              sums.size());
        for (const auto& [minute, sum] : sums) {
          const std::string measures =
              fmt::format("\"count\":{},\"sum_v\":{}}}", sum.count, sum.sum);
          CHECK_MESSAGE(result.results.find(measures) != std::string::npos, measures);
        }
      }
    }
  }
}

TEST_SUITE_END();

}  // namespace onrush
