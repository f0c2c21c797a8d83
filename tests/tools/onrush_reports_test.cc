#include <memory>
#include <string>

#include "doctest/doctest.h"
#include "simdjson.h"
#include "tests/support/string_sink.h"
#include "tools/onrush/progress.h"
#include "tools/onrush/run_report.h"
#include "tools/onrush/strict_sink.h"

namespace onrush {
namespace {

Plan TwoQueries() {
  Plan plan;
  plan.streams.resize(1);
  plan.streams[0].name = "clicks";
  plan.queries.resize(2);
  plan.queries[0].name = "top";
  plan.queries[1].name = "say \"hi\"";
  return plan;
}

Ledger SomeLedger() {
  Ledger ledger;
  ledger.streams = {{.read = 1'234'567, .bad = 3}};
  ledger.queries.resize(2);
  ledger.queries[0] = {.filtered = 4,
                       .skipped_null_key = 5,
                       .late = 6,
                       .rejected = 0,
                       .counted = 1'234'549,
                       .partly_late = 7,
                       .lines = 40};
  ledger.queries[1] = {.counted = 1'234'564, .lines = 2};
  return ledger;
}

}  // namespace

TEST_SUITE("tools/onrush/run_report") {
  TEST_CASE("stats are one line of JSON with the ledger of every stream and query") {
    const Plan plan = TwoQueries();
    const Ledger ledger = SomeLedger();
    const std::string text =
        StatsJson({.plan = plan, .ledger = ledger, .elapsed_s = 0.5, .lines = 42, .digest = 0xabc});
    CHECK(text.starts_with(
        R"({"events":1234567,"bad":3,"elapsed_s":0.500000,"events_per_s":2469134,"lines":42,"digest":"xxh3:0000000000000abc","streams":{"clicks":{"read":1234567,"bad":3,"duplicate":0,"outside":0}},"queries":{"top":{"counted":1234549,"late":6,"partly_late":7,"skipped_null_key":5,"filtered":4,"rejected":0,"over_max_keys":0,"sum_overflows":0,"lines":40},"say \"hi\"":{)"));
    CHECK(text.ends_with("}\n"));
    CHECK(text.find('\n') == text.size() - 1);
    simdjson::dom::parser parser;
    CHECK(parser.parse(text).error() == simdjson::SUCCESS);
  }

  TEST_CASE("a summary is a table a stream and a table a query") {
    const Plan plan = TwoQueries();
    const Ledger ledger = SomeLedger();
    CHECK(SummaryText({.plan = plan, .ledger = ledger, .elapsed_s = 0.5, .lines = 42}) ==
          R"(1,234,567 events in 0.50 s (2.5 M events/s), 42 result lines

  stream       read  bad
  clicks  1,234,567    3

  query       counted  late  partly late  null key  filtered  lines
  top       1,234,549     6            7         5         4     40
  say "hi"  1,234,564     0            0         0         0      2
)");
  }

  TEST_CASE("a column that is rarely of interest is there when it counts") {
    const Plan plan = TwoQueries();
    Ledger ledger = SomeLedger();
    ledger.queries[1].rejected = 1;
    const std::string text = SummaryText({.plan = plan, .ledger = ledger});
    CHECK(text.find("rejected") != text.npos);
    CHECK(text.find("sum overflows") == text.npos);
  }

  TEST_CASE("numbers are grouped and rates rounded") {
    CHECK(WithThousands(0) == "0");
    CHECK(WithThousands(999) == "999");
    CHECK(WithThousands(1'000) == "1,000");
    CHECK(WithThousands(1'234'567) == "1,234,567");
    CHECK(Rounded(640) == "640");
    CHECK(Rounded(12'345) == "12 k");
    CHECK(Rounded(4'940'000) == "4.9 M");
  }
}

TEST_SUITE("tools/onrush/progress") {
  TEST_CASE("progress tells the share of the bytes, the rate and the watermark") {
    CHECK(ProgressText({.bytes_read = 430,
                        .bytes_total = 1000,
                        .events = 2'000'000,
                        .watermark = {1'772'438'400 * kNanosPerSecond}},
                       0.5) == "43 %  2,000,000 events  4.0 M/s  watermark 2026-03-02T08:00:00Z");
  }

  TEST_CASE("what is not known is left out") {
    CHECK(ProgressText({.events = 12}, 0) == "12 events");
  }
}

TEST_SUITE("tools/onrush/strict_sink") {
  constexpr std::string_view kBad =
      R"({"stream":"clicks","file":"a \"b\".csv","line":17,"seq":15,"reason":"ts: not a number: 'x'","raw":"x"}
{"stream":"clicks","file":"a.csv","line":18,"seq":16,"reason":"ts: absent","raw":""}
)";

  TEST_CASE("the first bad line is damaged data, named by file and line") {
    StrictSink sink(nullptr);
    const absl::Status status = sink.Write(kBad);
    CHECK(status.code() == absl::StatusCode::kDataLoss);
    CHECK(status.message() == "a \"b\".csv:17: ts: not a number: 'x'");
  }

  TEST_CASE("the bad output still gets the lines") {
    std::string text;
    StrictSink sink(std::make_unique<StringSink>(text));
    CHECK_FALSE(sink.Write(kBad).ok());
    CHECK(text == kBad);
  }
}

}  // namespace onrush
