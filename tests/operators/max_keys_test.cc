// What a query does at the limit of its keys.
#include <string>

#include "doctest/doctest.h"
#include "fmt/format.h"
#include "tests/support/run_engine.h"
#include "tools/engine/pipeline_file.h"

namespace onrush {
namespace {

// Runs a query with at most two keys over `text`, "t,k" in seconds.
RunResult Run(const std::string& query, const std::string& text, size_t batch_rows) {
  const absl::StatusOr<Plan> plan = ParsePipeline(
      "[stream.s]\ntime = 't'\ntime_format = 'unix_s'\nformat = 'csv'\nheader = false\n"
      "[stream.s.fields]\nt = 'timestamp'\nk = 'string'\n"
      "[[query]]\nname = 'q'\nkey = 'k'\nmax_keys = 2\n" +
          query,
      "p.toml");
  REQUIRE_MESSAGE(plan.ok(), plan.status().ToString());
  return RunEngine(*plan, {0, "in.csv", text}, {.batch_rows = batch_rows});
}

size_t LinesWith(const std::string& lines, const std::string& part) {
  size_t count = 0;
  for (size_t at = lines.find(part); at != lines.npos; at = lines.find(part, at + 1)) ++count;
  return count;
}

constexpr size_t kBatches[] = {1, 3, 100};

}  // namespace

TEST_SUITE_BEGIN("operators/max_keys");

TEST_CASE("known keys go on, events of others are counted apart and change nothing") {
  const std::string text = "1,a\n2,b\n3,c\n4,a\n5,d\n6,c\n7,b\n";
  for (const size_t batch : kBatches) {
    const RunResult running =
        Run("type = 'aggregate'\ncompute = ['count']\nemit = 'final'\n", text, batch);
    CHECK(LinesWith(running.results, "\"count\":2") == 2);
    CHECK(LinesWith(running.results, "\n") == 2);
    CHECK(running.queries[0].counted == 4);
    const RunResult each = Run("type = 'aggregate'\ncompute = ['count']\n", text, batch);
    CHECK(LinesWith(each.results, "\n") == 4);
    const RunResult top =
        Run("type = 'top_k'\nk = 5\nwindow = { size = '1m', slide = '1m' }\n", text, batch);
    CHECK(
        top.results.ends_with("\"top\":[{\"rank\":1,\"k\":\"a\",\"count\":2},{\"rank\":2,\"k\":"
                              "\"b\",\"count\":2}]}\n"));
    CHECK(top.queries[0].counted == 4);
    const RunResult windows =
        Run("type = 'aggregate'\ncompute = ['count']\nwindow = { size = '1m' }\n", text, batch);
    CHECK(LinesWith(windows.results, "\"count\":2") == 2);
    CHECK(LinesWith(windows.results, "\n") == 2);
    const RunResult velocity =
        Run("type = 'velocity'\nwithin = '1m'\ncount_over = 1\n", text, batch);
    CHECK(LinesWith(velocity.results, "\n") == 2);
    CHECK(velocity.queries[0].counted == 4);
  }
}

TEST_CASE("keys that left make room") {
  // Two keys in the first minute, another two after it; what is refused does not keep them out.
  std::string text = "1,a\n2,b\n";
  for (int i = 0; i < 50; ++i) text += fmt::format("{},{}\n", 200 + i, i % 2 == 0 ? "c" : "d");
  for (const size_t batch : kBatches) {
    const RunResult top =
        Run("type = 'top_k'\nk = 5\nwindow = { size = '1m', slide = '1m' }\n", text, batch);
    CHECK(top.results.find("\"k\":\"a\"") != std::string::npos);
    CHECK(top.results.find("\"k\":\"d\"") != std::string::npos);
    if (batch >= 100) continue;  // velocity forgets keys between batches
    const RunResult velocity =
        Run("type = 'velocity'\nwithin = '1m'\ncount_over = 1\n", text, batch);
    CHECK(velocity.results.find("\"k\":\"d\"") != std::string::npos);
  }
}

TEST_SUITE_END();

}  // namespace onrush
