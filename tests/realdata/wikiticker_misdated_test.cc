// The day of Wikipedia edits as it was found, with its first rows dated days before and up to seven
// weeks ahead: what one bad clock does, and the guards against it.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/check.h"
#include "doctest/doctest.h"
#include "fmt/format.h"
#include "simdjson.h"
#include "tests/realdata/data_folder.h"
#include "tests/realdata/late_lines.h"
#include "tests/realdata/replay.h"
#include "tests/realdata/utc_text.h"

namespace onrush::realdata {
namespace {

constexpr std::string_view kStream = R"toml(
[stream.edits]
format = "jsonl"
time = "time"
max_out_of_orderness = "10m"
allowed_lateness = "1h"
{}
[stream.edits.fields]
time = "timestamp"
page = "string"
channel = "string"
user = "string"
added = "int"
deleted = "int"
)toml";

constexpr std::string_view kWindowed = R"toml(
[[query]]
name = "top_pages"
type = "top_k"
key = "page"
window = { size = "1d" }
k = 10

[[query]]
name = "by_hour"
type = "aggregate"
window = { size = "1h" }
compute = ["count"]

[[query]]
name = "busy_users"
type = "top_k"
key = "user"
window = { size = "30m", slide = "10m" }
k = 3
by = "distinct(page)"
)toml";

constexpr std::string_view kUnwindowed = R"toml(
[[query]]
name = "hasty_users"
type = "velocity"
key = "user"
within = "10m"
count_over = 20

[[query]]
name = "by_channel"
type = "aggregate"
key = "channel"
compute = ["count", "sum(added)", "sum(deleted)"]
emit = "final"
)toml";

constexpr std::string_view kFrom = "valid_from = \"2015-09-12T00:00:00Z\"\n";
constexpr std::string_view kUntil = "valid_until = \"2015-09-13T00:00:00Z\"\n";

Plan PlanWith(std::string_view guards, std::string_view queries) {
  return ParsePlan(fmt::format(kStream, guards) + std::string(queries));
}

std::string AllQueries() { return std::string(kWindowed) + std::string(kUnwindowed); }

std::vector<std::string> Lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    lines.emplace_back(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(lines.back().size() + 1, text.size()));
  }
  return lines;
}

int64_t TimeOf(const std::string& line) {
  constexpr std::string_view kBegin = R"({"time":")";
  ONRUSH_CHECK(line.starts_with(kBegin));
  return ReadUtc(line.substr(kBegin.size()));
}

// The file as found, and the clean one without the rows in which they differ.
struct Edits {
  std::string found_path;
  std::string found;
  std::vector<std::string> misdated;  // rows as found; they come first
  std::string clean;
};

std::optional<Edits> LoadEdits() {
  const auto found_path = FindDataFile("as-found-45-rows-misdated.json.gz");
  const auto clean_path = FindDataFile("wikiticker-2015-09-12-sampled.json.gz");
  if (!found_path || !clean_path) return std::nullopt;
  Edits edits = {*found_path, ReadDataFile(*found_path), {}, {}};
  const std::vector<std::string> found = Lines(edits.found);
  const std::vector<std::string> clean = Lines(ReadDataFile(*clean_path));
  REQUIRE(found.size() == clean.size());
  for (size_t i = 0; i < found.size(); ++i) {
    if (found[i] == clean[i]) {
      edits.clean += clean[i] + '\n';
    } else {
      REQUIRE(edits.misdated.size() == i);
      edits.misdated.push_back(found[i]);
    }
  }
  REQUIRE(edits.misdated.size() == 45);
  return edits;
}

RunResult RunClean(const Plan& plan, const Edits& edits) {
  return RunEngine(plan, {0, "clean.json", edits.clean});
}

// The lines that do not name `window_start` before the day.
std::string OfTheDay(const std::string& results) {
  std::string of_the_day;
  for (const std::string& line : Lines(results)) {
    const size_t start = line.find("\"window_start\":\"");
    ONRUSH_CHECK(start != std::string::npos);
    if (line.substr(start + 16) >= "2015-09-11T23") of_the_day += line + '\n';
  }
  return of_the_day;
}

// The lines of the input that the late output shows.
std::string RawLines(const std::string& late) {
  std::string raw;
  simdjson::dom::parser parser;
  for (const std::string& line : Lines(late)) {
    const simdjson::dom::element parsed = parser.parse(line);
    raw += std::string_view(parsed["raw"]);
    raw += '\n';
  }
  return raw;
}

constexpr int64_t kMinute = 60'000, kHour = 60 * kMinute, kDay = 24 * kHour;

// What becomes of the edits without a guard.
struct Unguarded {
  std::string late;
  std::vector<RunResult::QueryLedger> ledger;
  std::vector<int64_t> hours;  // of the edits that `by_hour` counts, ascending
};

Unguarded BookUnguarded(std::string_view found) {
  struct Windows {
    std::string query;
    int64_t size, slide;
  };
  const std::vector<Windows> windowed = {{"top_pages", kDay, kDay},
                                         {"by_hour", kHour, kHour},
                                         {"busy_users", 30 * kMinute, 10 * kMinute}};
  Unguarded booked;
  booked.ledger.resize(5);
  NaiveWatermark watermark(10 * kMinute);
  uint64_t seq = 0;
  for (const std::string& line : Lines(found)) {
    const int64_t time = TimeOf(line);
    std::vector<Missed> missed;
    for (size_t query = 0; query < windowed.size(); ++query) {
      const auto& [name, size, slide] = windowed[query];
      const WindowShare share = ShareOf(time, watermark.value(), size, slide, kHour);
      RunResult::QueryLedger& ledger = booked.ledger[query];
      ++(share.IsLate() ? ledger.late : ledger.counted);
      if (share.IsPartlyLate()) ++ledger.partly_late;
      if (share.missed > 0) {
        missed.push_back({name, share.missed, static_cast<int64_t>(share.open.size())});
      }
      if (name == "by_hour" && !share.IsLate()) booked.hours.push_back(share.open[0]);
    }
    const bool late_for_velocity = IsLateForVelocity(time, watermark.value(), kHour);
    ++(late_for_velocity ? booked.ledger[3].late : booked.ledger[3].counted);
    if (late_for_velocity) missed.push_back({"hasty_users", 1, 0});
    ++booked.ledger[4].counted;  // nothing is late for a running aggregate
    if (!missed.empty()) {
      booked.late += LateLine("edits", seq, time, *watermark.value(), missed, line);
    }
    watermark.Raise(time);
    ++seq;
  }
  std::sort(booked.hours.begin(), booked.hours.end());
  return booked;
}

TEST_SUITE_BEGIN("realdata/wikiticker_misdated");

TEST_CASE("with the guards, misdated rows change nothing but the count of bad events") {
  const std::optional<Edits> edits = LoadEdits();
  if (!edits) return;
  const Plan plan = PlanWith(fmt::format("{}{}", kFrom, kUntil), AllQueries());
  const RunResult run = ReplayFile(plan, edits->found_path);
  CHECK(Difference(run, ReplayInManyWays(plan, edits->found_path, edits->found)) == "");

  const RunResult clean = RunClean(plan, *edits);
  CHECK(WithoutNumbers(LinesOf(clean.results, "hasty_users")) != "");
  CHECK(Difference(WithoutNumbers(clean.results), WithoutNumbers(run.results)) == "");
  CHECK(run.queries == clean.queries);
  CHECK(run.streams[0].read == 39'244);
  CHECK(run.streams[0].bad == 45);
  CHECK(run.late == "");
  CheckBalance(run);

  const std::vector<std::string> bad = Lines(run.bad);
  REQUIRE(bad.size() == 45);
  for (size_t i = 0; i < bad.size(); ++i) {
    CHECK(bad[i].starts_with(fmt::format(R"({{"stream":"edits","file":"{}","line":{},"seq":{},)",
                                         edits->found_path, i + 1, i)));
    CHECK(RawLines(bad[i]) == edits->misdated[i] + '\n');
  }
}

TEST_CASE("a guard against times ahead alone leaves the day as it was, and shows days before") {
  const std::optional<Edits> edits = LoadEdits();
  if (!edits) return;
  const Plan plan = PlanWith(kUntil, kWindowed);
  const RunResult run = ReplayFile(plan, edits->found_path);
  CHECK(Difference(run, ReplayInManyWays(plan, edits->found_path, edits->found)) == "");
  CHECK(run.streams[0].bad == 41);
  CHECK(WithoutNumbers(OfTheDay(run.results)) == WithoutNumbers(RunClean(plan, *edits).results));
  CHECK(OfTheDay(run.results) != run.results);
  CheckBalance(run);
}

TEST_CASE("without a guard nearly the whole day is late, and the ledger and late output show it") {
  const std::optional<Edits> edits = LoadEdits();
  if (!edits) return;
  const Plan plan = PlanWith("", AllQueries());
  const RunResult run = ReplayFile(plan, edits->found_path);
  CHECK(Difference(run, ReplayInManyWays(plan, edits->found_path, edits->found)) == "");

  const Unguarded expected = BookUnguarded(edits->found);
  CHECK(Difference(expected.late, run.late) == "");
  CHECK(run.queries == expected.ledger);
  CheckBalance(run);
  for (int query = 0; query < 4; ++query) CHECK(run.queries[query].late >= 39'199);

  // What is left are hours of a single edit, on days that were none.
  std::string by_hour;
  for (const int64_t start : expected.hours) {
    by_hour += fmt::format(
        R"({{"query":"by_hour","window_start":"{}","window_end":"{}","revision":0,"count":1}})"
        "\n",
        UtcText(start), UtcText(start + kHour));
  }
  CHECK(Difference(by_hour, WithoutNumbers(LinesOf(run.results, "by_hour"))) == "");

  // Nothing is lost: the late output, replayed with the guards, makes the day whole.
  const Plan guarded = PlanWith(fmt::format("{}{}", kFrom, kUntil), AllQueries());
  const RunResult again = RunEngine(guarded, {0, "late.json", RawLines(run.late)});
  CHECK(Difference(WithoutNumbers(RunClean(guarded, *edits).results),
                   WithoutNumbers(again.results)) == "");
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush::realdata
