// A flood of new keys moves no memory past the bound that max_keys sets.
#include <algorithm>
#include <cstdint>
#include <string>

#include "doctest/doctest.h"
#include "fmt/format.h"
#include "ingest/open.h"
#include "tests/support/temporary_directory.h"
#include "tools/engine/engine.h"
#include "tools/engine/pipeline_file.h"

namespace onrush {
namespace {

constexpr size_t kMaxKeys = 500;
constexpr int kEvents = 200'000;

constexpr const char* kPipeline = R"toml(
name = "p"
[stream.s]
format = "csv"
header = false
time = "ts"
time_format = "unix_ms"
max_out_of_orderness = "1s"
[stream.s.fields]
ts = "timestamp"
key = "string"
value = "string"
[[query]]
name = "q"
key = "key"
max_keys = {}
{}
)toml";

// Every second event has a key that never came before, some longer than a slot; the others are of
// 200 known ones.
std::string Events(int step_ms) {
  std::string text;
  for (int i = 0; i < kEvents; ++i) {
    const std::string key =
        i % 2 == 0 ? fmt::format("known-{}", i / 2 % 200)
                   : fmt::format("new-{}{}", i, i % 3 == 0 ? "-that-does-not-fit-its-slot" : "");
    text += fmt::format("{},{},v{}\n", 1'700'000'000'000 + int64_t{step_ms} * i, key, i % 7);
  }
  return text;
}

struct Peak {
  size_t keys = 0;
  size_t bytes = 0;
};

// The most that there was in the first half of the events and in the second.
void CheckBound(const std::string& query, int step_ms) {
  INFO(query << ", " << step_ms << " ms apart");
  const auto plan = ParsePipeline(fmt::format(fmt::runtime(kPipeline), kMaxKeys, query), "p.toml");
  REQUIRE_MESSAGE(plan.ok(), plan.status().ToString());
  EngineOptions options;
  options.batch_rows = 64;
  auto engine = Engine::Create(*plan, options, {});
  REQUIRE(engine.ok());
  auto decoder = MakeDecoder(plan->streams[0], Format::kCsv);
  REQUIRE(decoder.ok());
  const TemporaryDirectory directory;
  BlockOptions blocks;
  blocks.block_bytes = 4096;
  auto source = OpenFiles({directory.Write("events.csv", Events(step_ms))}, plan->streams[0],
                          Format::kCsv, blocks);
  REQUIRE(source.ok());
  Peak first, second;
  for (TextBlock block; (*source)->Next(block).value();) {
    REQUIRE((*engine)->Process(block, **decoder).ok());
    Peak& peak = (*engine)->events_read() < kEvents / 2 ? first : second;
    peak.keys = std::max(peak.keys, (*engine)->key_count());
    peak.bytes = std::max(peak.bytes, (*engine)->state_bytes());
  }
  CHECK(second.keys <= kMaxKeys);
  CHECK(second.keys > 200);
  CHECK(second.bytes <=
        first.bytes + first.bytes / 10);  // 100,000 keys would be a dozen times that
  CHECK((*engine)->ledger().queries[0].over_max_keys > kEvents / 4);
}

}  // namespace

TEST_SUITE_BEGIN("tools/engine/key_flood");

TEST_CASE("a flood of new keys takes no more memory than max_keys allows") {
  CheckBound("type = 'velocity'\nwithin = '20s'\ncount_over = 1000000\n", 1);
  CheckBound("type = 'velocity'\nwithin = '20s'\ndistinct_at_least = { field = 'value', n = 9 }\n",
             1);
  // Apart enough that windows close and keys are forgotten, or not at all.
  for (const int step_ms : {0, 1}) {
    CheckBound("type = 'top_k'\nk = 5\nwindow = { size = '20s', slide = '5s' }\n", step_ms);
    CheckBound("type = 'aggregate'\ncompute = ['count']\nwindow = { size = '20s' }\n", step_ms);
    CheckBound("type = 'aggregate'\ncompute = ['count']\nemit = 'final'\n", step_ms);
  }
}

TEST_SUITE_END();

}  // namespace onrush
