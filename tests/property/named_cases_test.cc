// Cases that the random comparison of engine and model found, or that it would hardly ever meet.
#include <string>

#include "doctest/doctest.h"
#include "tests/support/plan_maker.h"
#include "tests/support/run_both.h"

namespace onrush {

TEST_SUITE_BEGIN("tests/property/named_cases");

TEST_CASE("a day whose midnight lies inside a skipped hour begins when the clock jumps") {
  // In Toronto the clocks went from 23:30 on 30 March 1919 to 00:30.
  AggregatePlan daily;
  daily.window = DaysOf("America/Toronto");
  daily.compute = {Count()};
  const StreamPlan stream =
      MakeStream("s", TimeFormat::Kind::kRfc3339, Hours(100), {{"ts", kTimestampType}});
  const std::string lines =
      RunBoth(MakePlan(stream, {MakeQuery("d", {}, {0}, daily)}),
              "1919-03-31T04:29:59Z\n1919-03-31T04:30:00Z\n1919-03-31T05:00:00Z\n")
          .results;
  CHECK(lines == R"({"query":"d","seq":3,"window_start":"1919-03-30T05:00:00Z",)"
                 R"("window_end":"1919-03-31T04:30:00Z","revision":0,"count":1})"
                 "\n"
                 R"({"query":"d","seq":3,"window_start":"1919-03-31T04:30:00Z",)"
                 R"("window_end":"1919-04-01T04:00:00Z","revision":0,"count":2})"
                 "\n");
}

TEST_CASE("a list of top_k that loses its only key is told as an empty list") {
  // The sum leaves the range of doubles and is null from then on.
  TopKPlan top_k;
  top_k.window = Tumbling(Seconds(10));
  top_k.k = 1;
  top_k.by = {MeasurePlan::Kind::kSum, 2, "sum_f"};
  const StreamPlan stream =
      MakeStream("s", TimeFormat::Kind::kUnixSeconds, Seconds(0),
                 {{"ts", kTimestampType}, {"key", kStringType}, {"f", kFloatType}});
  QueryPlan query = MakeQuery("t", {1}, Seconds(100), top_k);
  query.late_updates = QueryPlan::LateUpdates::kEach;
  const std::string lines =
      RunBoth(MakePlan(stream, {query}), "1,a,1e308\n11,b,\n2,a,1e308\n3,c,1e308\n3,c,1e308\n")
          .results;
  const std::string window =
      R"("window_start":"1970-01-01T00:00:00Z","window_end":"1970-01-01T00:00:10Z",)";
  CHECK(lines == R"({"query":"t","seq":1,)" + window +
                     R"("revision":0,"top":[{"rank":1,"key":"a","sum_f":1e+308}]})" + "\n" +
                     R"({"query":"t","seq":2,)" + window + R"("revision":1,"top":[]})" + "\n" +
                     R"({"query":"t","seq":3,)" + window +
                     R"("revision":2,"top":[{"rank":1,"key":"c","sum_f":1e+308}]})" + "\n" +
                     R"({"query":"t","seq":4,)" + window + R"("revision":3,"top":[]})" + "\n");
}

TEST_CASE("windows count from any origin, also one at an end of event time") {
  AggregatePlan aggregate;
  aggregate.window = Hopping(Nanos(5000), Nanos(1000));
  aggregate.compute = {Count()};
  const StreamPlan stream =
      MakeStream("s", TimeFormat::Kind::kUnixNanos, Seconds(0), {{"ts", kTimestampType}});
  for (const EventTime origin : {kMinEventTime, EventTime{-1}, EventTime{1}, kMaxEventTime}) {
    aggregate.window->origin = origin;
    const RunResult result = RunBoth(MakePlan(stream, {MakeQuery("n", {}, {0}, aggregate)}),
                                     "-9223372036854775808\n-9223372036854775807\n-1\n0\n"
                                     "9223372036854775806\n9223372036854775807\n");
    CHECK(result.queries[0].counted == 6);
  }
}

TEST_CASE("the time of a web server's log has all its digits") {
  AggregatePlan aggregate;
  aggregate.compute = {Count()};
  aggregate.emit = AggregatePlan::Emit::kFinal;
  const StreamPlan stream =
      MakeStream("s", TimeFormat::Kind::kClf, Hours(100), {{"ts", kTimestampType}});
  const RunResult result = RunBoth(
      MakePlan(stream, {MakeQuery("n", {}, {0}, aggregate)}),
      "30/Nov/1911:00:00:00 +0300\n30/Nov/1911:0:00:00 +0300\n30/Nov/1911:00:00:00.5 +0300\n");
  CHECK(result.queries[0].counted == 1);
}

TEST_SUITE_END();

}  // namespace onrush
