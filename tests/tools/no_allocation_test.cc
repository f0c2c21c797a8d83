// After warm-up the way of an event allocates nothing.
#include <memory>
#include <string>

#include "doctest/doctest.h"
#include "fmt/format.h"
#include "ingest/open.h"
#include "tests/support/allocation_counter.h"
#include "tests/support/orb_file.h"
#include "tests/support/temporary_directory.h"
#include "tools/engine/engine.h"
#include "tools/engine/pipeline_file.h"

namespace onrush {
namespace {

constexpr const char* kStream = R"toml(
name = "p"
[stream.s]
format = "{}"
time = "ts"
time_format = "unix_ms"
max_out_of_orderness = "20s"
allowed_lateness = "5m"
[stream.s.fields]
ts = "timestamp"
user = "string"
page = "string"
amount = "decimal(2)"
)toml";

// Events a tenth of a second apart, with disorder, late ones, ties, nulls and keys longer than a
// table's slot. The same keys come again and again.
std::string Events(const std::string& format, int first, int count) {
  std::string text;
  for (int i = first; i < first + count; ++i) {
    int64_t ms = 1'700'000'000'000 + int64_t{i} * 100 - (i * 7919 % 15'000);
    if (i % 50 == 0) ms -= 200'000;
    const std::string page = fmt::format("/a-rather-long-path/page-{:02}", i * 31 % 100);
    const std::string amount = i % 9 == 0 ? "" : fmt::format("{}.50", i % 40);
    if (format == "csv") {
      text += fmt::format("{},user-{},{},{}\n", ms, i * 17 % 200, page, amount);
    } else {
      text += fmt::format("{{\"ts\":{},\"user\":\"user-{}\",\"page\":\"{}\",\"amount\":\"{}\"}}\n",
                          ms, i * 17 % 200, page, amount);
    }
  }
  return text;
}

// The allocations made while the second half of a stream is decoded and processed.
uint64_t AllocationsAfterWarmUp(const std::string& format, const std::string& query) {
  constexpr int kEvents = 60'000;
  const bool orb = format == "orb";
  const auto plan = ParsePipeline(fmt::format(fmt::runtime(kStream), format) + query, "test.toml");
  REQUIRE_MESSAGE(plan.ok(), plan.status().ToString());
  auto engine = Engine::Create(*plan, {}, {});
  REQUIRE_MESSAGE(engine.ok(), engine.status().ToString());
  const StreamPlan& stream = (*engine)->plan().streams[0];  // with the columns that it needs
  auto decoder = MakeDecoder(stream, *stream.format);
  REQUIRE_MESSAGE(decoder.ok(), decoder.status().ToString());
  std::string text = format == "jsonl" ? "" : "ts,user,page,amount\n";
  text += Events(orb ? "csv" : format, 0, 2 * kEvents);
  if (orb) {
    StreamPlan csv = stream;
    csv.format = Format::kCsv;
    text = ConvertText(csv, {0, "events", text}, 1000).file;
  }
  const TemporaryDirectory directory;
  auto source = OpenFiles({directory.Write("events", text)}, stream, *stream.format);
  REQUIRE_MESSAGE(source.ok(), source.status().ToString());

  uint64_t before = 0, after = 0;
  TextBlock block;
  for (bool warm = false; (*source)->Next(block).value();) {
    REQUIRE((*engine)->Process(block, **decoder).ok());
    after = AllocationCount();  // not when the source has ended, where .orb has an index to compare
    if (!warm && (*engine)->events_read() >= kEvents) {
      warm = true;
      before = AllocationCount();
    }
  }
  REQUIRE((*engine)->events_read() == 2 * kEvents);
  return after - before;
}

TEST_SUITE_BEGIN("tools/no_allocation");

TEST_CASE("after warm-up the way of an event allocates nothing") {
  if (!CountsAllocations()) {
    MESSAGE("not counted in this build");
    return;
  }
  const char* const queries[] = {
      "[[query]]\nname='q'\ntype='top_k'\nkey='page'\nk=10\n"
      "window={size='5m',slide='1m'}\n",
      "[[query]]\nname='q'\ntype='top_k'\nkey='page'\nk=10\nby='sum(amount)'\n"
      "window={size='5m',slide='1m'}\nlate_updates='each'\n",
      "[[query]]\nname='q'\ntype='velocity'\nkey='user'\nwithin='2m'\ncount_over=3\n"
      "distinct_at_least={field='page',n=2}\nsum_over={field='amount',amount=3}\ncooldown='1m'\n",
      "[[query]]\nname='q'\ntype='aggregate'\nkey=['user','page']\nwindow={size='1m'}\n"
      "compute=['count','sum(amount)','avg(amount)','min(amount)','first(amount)']\n"
      "where=\"amount > 1 and starts_with(page,'/a') or user = 'user-3'\"\n",
      "[[query]]\nname='q'\ntype='aggregate'\nkey='user'\nwindow={size='5m',slide='1m'}\n"
      "compute=['count']\nlate_updates='each'\n",
      "[[query]]\nname='q'\ntype='aggregate'\nkey='user'\ncompute=['count','sum(amount)']\n",
      "[[query]]\nname='q'\ntype='aggregate'\nkey='page'\ncompute=['sum(amount)']\nemit='final'\n",
  };
  for (const char* format : {"csv", "jsonl", "orb"}) {
    for (const char* query : queries) {
      CAPTURE(format);
      CAPTURE(query);
      CHECK(AllocationsAfterWarmUp(format, query) == 0);
    }
  }
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
