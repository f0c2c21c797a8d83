// A day of Wikipedia edits, against the results that the tutorial of Apache Druid publishes.
#include <string>
#include <string_view>

#include "doctest/doctest.h"
#include "fmt/format.h"
#include "simdjson.h"
#include "tests/realdata/data_folder.h"
#include "tests/realdata/replay.h"
#include "tests/realdata/utc_text.h"

namespace onrush::realdata {
namespace {

constexpr std::string_view kPipeline = R"toml(
[stream.edits]
format = "jsonl"
time = "time"
max_out_of_orderness = "0s"
[stream.edits.fields]
time = "timestamp"
page = "string"
channel = "string"
added = "int"
deleted = "int"

[[query]]
name = "top_pages"
type = "top_k"
key = "page"
window = { size = "1d" }
k = 10

[[query]]
name = "deleted_by_hour"
type = "aggregate"
window = { size = "1h" }
compute = ["sum(deleted) as deleted"]

[[query]]
name = "top_channels"
type = "top_k"
key = "channel"
window = { size = "1d" }
k = 5
by = "sum(added)"

[[query]]
name = "added_by_channel"
type = "aggregate"
key = "channel"
window = { size = "1d" }
compute = ["sum(added) as added"]
)toml";

constexpr std::string_view kDay =
    R"("window_start":"2015-09-12T00:00:00Z","window_end":"2015-09-13T00:00:00Z","revision":0)";

// The ranks as a top_k line shows them, of published pairs of a key and a figure.
std::string Ranks(const simdjson::dom::array& published, std::string_view key,
                  std::string_view measure) {
  std::string ranks;
  int rank = 0;
  for (const simdjson::dom::element pair : published) {
    if (rank++ > 0) ranks += ',';
    ranks += fmt::format(R"({{"rank":{},"{}":"{}","{}":{}}})", rank, key,
                         std::string_view(pair.at(0)), measure, int64_t{pair.at(1)});
  }
  return ranks;
}

TEST_SUITE_BEGIN("realdata/wikiticker");

TEST_CASE("a day of Wikipedia edits gives the figures that Druid's tutorial publishes") {
  const auto path = FindDataFile("wikiticker-2015-09-12-sampled.json.gz");
  const auto published_path = FindDataFile("expected-druid-tutorial.json");
  if (!path || !published_path) return;
  simdjson::dom::parser parser;
  const simdjson::dom::element published = parser.load(*published_path);

  const Plan plan = ParsePlan(kPipeline);
  const RunResult run = ReplayFile(plan, *path);
  CHECK(Difference(run, ReplayInManyWays(plan, *path, ReadDataFile(*path))) == "");

  const simdjson::dom::array pages = published["top10_pages_by_edits_day_2015_09_12"];
  REQUIRE(pages.size() == 10);
  CHECK(Difference(fmt::format("{{\"query\":\"top_pages\",{},\"top\":[{}]}}\n", kDay,
                               Ranks(pages, "page", "count")),
                   WithoutNumbers(LinesOf(run.results, "top_pages"))) == "");

  const simdjson::dom::array channels = published["lines_added_per_channel_top5"];
  REQUIRE(channels.size() == 5);
  CHECK(Difference(fmt::format("{{\"query\":\"top_channels\",{},\"top\":[{}]}}\n", kDay,
                               Ranks(channels, "channel", "sum_added")),
                   WithoutNumbers(LinesOf(run.results, "top_channels"))) == "");
  const std::string sums = WithoutNumbers(LinesOf(run.results, "added_by_channel"));
  for (const simdjson::dom::element pair : channels) {
    const std::string line =
        fmt::format("{{\"query\":\"added_by_channel\",{},\"channel\":\"{}\",\"added\":{}}}\n", kDay,
                    std::string_view(pair.at(0)), int64_t{pair.at(1)});
    CHECK_MESSAGE(sums.find(line) != std::string::npos, "not there: ", line);
  }

  const simdjson::dom::array hours = published["lines_deleted_per_hour"];
  REQUIRE(hours.size() == 24);
  std::string by_hour;
  for (const simdjson::dom::element pair : hours) {
    const int64_t start = ReadUtc(std::string(std::string_view(pair.at(0))));
    by_hour += fmt::format(
        R"({{"query":"deleted_by_hour","window_start":"{}","window_end":"{}","revision":0,)"
        R"("deleted":{}}})"
        "\n",
        UtcText(start), UtcText(start + 3'600'000), int64_t{pair.at(1)});
  }
  CHECK(Difference(by_hour, WithoutNumbers(LinesOf(run.results, "deleted_by_hour"))) == "");

  CHECK(run.streams[0].read == 39'244);
  CHECK(run.bad == "");
  CHECK(run.late == "");
  CheckBalance(run);
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush::realdata
