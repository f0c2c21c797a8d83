// What the stopwatches of a run say agrees with the run, and changes nothing.
#include <memory>
#include <string>
#include <vector>

#include "core/metrics/stage_timer.h"
#include "doctest/doctest.h"
#include "fmt/format.h"
#include "ingest/memory_source.h"
#include "tools/engine/engine.h"
#include "tools/engine/pipeline_file.h"

namespace onrush {
namespace {

constexpr const char* kPipeline = R"toml(
name = "p"
[stream.s]
format = "csv"
time = "ts"
time_format = "unix_ms"
max_out_of_orderness = "5s"
[stream.s.fields]
ts = "timestamp"
user = "string"
page = "string"
[[query]]
name = "top"
type = "top_k"
key = "page"
k = 3
window = { size = "1m", slide = "20s" }
[[query]]
name = "fast"
type = "velocity"
key = "user"
within = "1m"
count_over = 3
[[query]]
name = "views"
type = "aggregate"
key = "page"
compute = ["count"]
emit = "final"
)toml";
constexpr size_t kQueries = 3;
constexpr int kEvents = 20'000;

std::string Events() {
  std::string text = "ts,user,page\n";
  for (int i = 0; i < kEvents; ++i) {
    const int64_t ms = 1'700'000'000'000 + int64_t{i} * 50 - i * 7919 % 9'000;  // some are late
    text += fmt::format("{},user-{},/page-{}\n", ms, i * 17 % 900, i * 31 % 100);
  }
  return text;
}

struct Timers {
  explicit Timers(size_t threads) {
    for (size_t i = 0; i < threads; ++i) {
      owned.push_back(std::make_unique<StageTimer>(
          StageTimerOptions{.queries = kQueries, .find_stalls = true}));
      all.push_back(owned.back().get());
    }
  }
  uint64_t Events(Stage stage, size_t query = 0) const {
    uint64_t events = 0;
    for (const StageTimer* timer : all) events += timer->figures(stage, query).events.value();
    return events;
  }
  uint64_t Bytes(Stage stage) const {
    uint64_t bytes = 0;
    for (const StageTimer* timer : all) bytes += timer->figures(stage).bytes.value();
    return bytes;
  }
  uint64_t Times(Stage stage, size_t query = 0) const {
    uint64_t times = 0;
    for (const StageTimer* timer : all) times += timer->figures(stage, query).own.count();
    return times;
  }
  std::vector<std::unique_ptr<StageTimer>> owned;
  std::vector<StageTimer*> all;
};

std::unique_ptr<Engine> RunIt(const std::string& text, size_t shards,
                              const std::vector<StageTimer*>& timers) {
  const auto plan = ParsePipeline(kPipeline, "test.toml");
  REQUIRE_MESSAGE(plan.ok(), plan.status().ToString());
  EngineOptions options;
  options.shards = shards;
  options.timers = timers;
  auto engine = Engine::Create(*plan, options, {});
  REQUIRE_MESSAGE(engine.ok(), engine.status().ToString());
  BlockOptions blocks;
  blocks.block_bytes = 16 * 1024;
  auto source = MemorySource::Create({{"events.csv", text}}, Format::kCsv, ',', blocks);
  REQUIRE_MESSAGE(source.ok(), source.status().ToString());
  if (!timers.empty()) timers[0]->Begin();
  const absl::Status status = (*engine)->Run(**source, Format::kCsv);
  REQUIRE_MESSAGE(status.ok(), status.ToString());
  if (!timers.empty()) timers[0]->End();
  return *std::move(engine);
}

uint64_t OwnTime(const StageTimer& timer) {
  uint64_t ns = 0;
  for (size_t i = 0; i < kStageCount; ++i) {
    const Stage stage = static_cast<Stage>(i);
    if (stage == Stage::kRingWait) continue;
    for (size_t query = 0; query < (IsOfQuery(stage) ? kQueries : 1); ++query) {
      ns += timer.figures(stage, query).own.sum();
    }
  }
  return ns;
}

TEST_SUITE_BEGIN("tools/engine/engine timers");

TEST_CASE("measured runs tell the same lines, and every event passes every stage once") {
  const std::string text = Events();
  const std::unique_ptr<Engine> plain = RunIt(text, 0, {});
  REQUIRE(plain->lines() > 100);
  for (const size_t shards : {0, 1, 2}) {
    CAPTURE(shards);
    Timers timers(shards + 1);
    const std::unique_ptr<Engine> engine = RunIt(text, shards, timers.all);
    CHECK(engine->digest() == plain->digest());
    CHECK(engine->lines() == plain->lines());
    for (const Stage stage : {Stage::kDecode, Stage::kPrepare, Stage::kSequence, Stage::kGates,
                              Stage::kCollect, Stage::kWrite}) {
      CAPTURE(StageName(stage));
      CHECK(timers.Events(stage) == kEvents);
    }
    CHECK(timers.Bytes(Stage::kRead) == timers.Bytes(Stage::kDecode));
    CHECK(timers.Bytes(Stage::kRead) >= text.size() - 100);  // perhaps without the header
    const Ledger ledger = engine->ledger();
    for (size_t query = 0; query < kQueries; ++query) {
      CHECK(timers.Events(Stage::kProcess, query) == ledger.queries[query].counted);
      CHECK(timers.Times(Stage::kFire, query) >= 1);
    }
    if (shards == 0) {
      CHECK(timers.Times(Stage::kRingWait) == 0);
    } else {
      CHECK(timers.Times(Stage::kRingWait) % shards == 0);
      CHECK(timers.Times(Stage::kRingWait) > shards * (text.size() / (16 * 1024)));
    }
  }
}

TEST_CASE("the time of every thread is that of its stages and its stalls") {
  const std::string text = Events();
  for (const size_t shards : {0, 1, 2}) {
    CAPTURE(shards);
    Timers timers(shards + 1);
    RunIt(text, shards, timers.all);
    for (const StageTimer* timer : timers.all) {
      CHECK(OwnTime(*timer) + timer->stalls().sum() ==
            timer->ended().wall_ns - timer->began().wall_ns);
    }
  }
}

TEST_CASE("the engine knows what its state took when the input was over") {
  for (const size_t shards : {0, 2}) {
    CAPTURE(shards);
    const std::unique_ptr<Engine> engine = RunIt(Events(), shards, {});
    const auto sizes = engine->sizes_at_end();
    REQUIRE(sizes.size() == std::max<size_t>(shards, 1));
    size_t pages = 0;
    for (const auto& shard : sizes) {
      REQUIRE(shard.size() == kQueries);
      pages += shard[2].keys;
      CHECK(shard[2].bytes > 0);
    }
    CHECK(pages == 100);
  }
}

TEST_CASE("as many stopwatches as threads, or none") {
  Timers timers(2);
  EngineOptions options;
  options.shards = 2;
  options.timers = timers.all;
  CHECK(options.Validate().code() == absl::StatusCode::kInvalidArgument);
  options.shards = 1;
  CHECK(options.Validate().ok());
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
