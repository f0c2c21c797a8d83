// Flink's tests of fixed windows: V04 to V07 of our collection (WindowOperatorTest,
// TumblingEventTimeWindowsTest, SlidingEventTimeWindowsTest, TimeWindowTest; documentation of
// window TVFs). Flink's offset is our origin. What Flink must reject (a size or slide that is not
// positive) is refused when a pipeline file is read; an offset beyond the slide is legal for us.
#include <string>
#include <vector>

#include "core/time.h"
#include "doctest/doctest.h"
#include "tests/support/flink_script.h"
#include "tests/support/plan_maker.h"
#include "tests/support/run_both.h"

namespace onrush {
namespace {

// The starts of the windows, in milliseconds, that an event at `millis` is put into.
std::vector<int64_t> StartsOf(const WindowPlan& window, int64_t millis) {
  const RunResult result =
      RunBoth(MakePlan(FlinkStream(), {FlinkSum(window, {0})}), std::to_string(millis) + ",k,1\n");
  std::vector<int64_t> starts;
  const std::string member = "\"window_start\":\"";
  for (size_t at = result.results.find(member); at != std::string::npos;
       at = result.results.find(member, at)) {
    at += member.size();
    const std::string text = result.results.substr(at, result.results.find('"', at) - at);
    starts.push_back(ParseInstant(text).value().ns / 1'000'000);
  }
  return starts;
}

std::vector<int64_t> TumblingStart(int64_t size, int64_t offset, int64_t millis) {
  WindowPlan window = Tumbling(Millis(size));
  window.origin = {Millis(offset).ns};
  return StartsOf(window, millis);
}

std::vector<int64_t> SlidingStarts(int64_t size, int64_t slide, int64_t offset, int64_t millis) {
  WindowPlan window = Hopping(Millis(size), Millis(slide));
  window.origin = {Millis(offset).ns};
  return StartsOf(window, millis);
}

using Starts = std::vector<int64_t>;

}  // namespace

TEST_SUITE_BEGIN("tests/operators/flink_windows");

TEST_CASE("V04: the start of a window with an offset") {
  CHECK(TumblingStart(7, 0, 1) == Starts{0});
  CHECK(TumblingStart(7, 0, 6) == Starts{0});
  CHECK(TumblingStart(7, 0, 7) == Starts{7});
  CHECK(TumblingStart(7, 0, 8) == Starts{7});
  CHECK(TumblingStart(7, 3, 1) == Starts{-4});
  CHECK(TumblingStart(7, 3, 2) == Starts{-4});
  CHECK(TumblingStart(7, 3, 3) == Starts{3});
  CHECK(TumblingStart(7, 3, 9) == Starts{3});
  CHECK(TumblingStart(7, 3, 10) == Starts{10});
  CHECK(TumblingStart(7, -2, 1) == Starts{-2});
  CHECK(TumblingStart(7, -2, -2) == Starts{-2});
  CHECK(TumblingStart(7, -2, 3) == Starts{-2});
  CHECK(TumblingStart(7, -2, 4) == Starts{-2});
  CHECK(TumblingStart(7, -2, 7) == Starts{5});
  CHECK(TumblingStart(7, -2, 12) == Starts{12});
}

TEST_CASE("V04: days of GMT+8, by an offset and by a time zone") {
  CHECK(TumblingStart(86'400'000, -28'800'000, 1'470'902'048'450) == Starts{1'470'844'800'000});
  CHECK(StartsOf(DaysOf("Asia/Shanghai"), 1'470'902'048'450) == Starts{1'470'844'800'000});
}

TEST_CASE("V05: tumbling windows") {
  CHECK(TumblingStart(5000, 0, 0) == Starts{0});
  CHECK(TumblingStart(5000, 0, 4999) == Starts{0});
  CHECK(TumblingStart(5000, 0, 5000) == Starts{5000});
  CHECK(TumblingStart(5000, 100, 100) == Starts{100});
  CHECK(TumblingStart(5000, 100, 5099) == Starts{100});
  CHECK(TumblingStart(5000, 100, 5100) == Starts{5100});
  CHECK(TumblingStart(5000, -100, 100) == Starts{-100});
  CHECK(TumblingStart(5000, -100, 4899) == Starts{-100});
  CHECK(TumblingStart(5000, -100, 4900) == Starts{4900});
}

TEST_CASE("V05: sliding windows") {
  CHECK(SlidingStarts(5000, 1000, 0, 0) == Starts{-4000, -3000, -2000, -1000, 0});
  CHECK(SlidingStarts(5000, 1000, 0, 4999) == Starts{0, 1000, 2000, 3000, 4000});
  CHECK(SlidingStarts(5000, 1000, 0, 5000) == Starts{1000, 2000, 3000, 4000, 5000});
  CHECK(SlidingStarts(5000, 1000, 100, 100) == Starts{-3900, -2900, -1900, -900, 100});
  CHECK(SlidingStarts(5000, 1000, 100, 5099) == Starts{1100 - 1000, 1100, 2100, 3100, 4100});
  CHECK(SlidingStarts(5000, 1000, -100, 0) == Starts{-4100, -3100, -2100, -1100, -100});
  CHECK(SlidingStarts(5000, 1000, 500, 100) == Starts{-4500, -3500, -2500, -1500, -500});
  CHECK(SlidingStarts(5000, 1000, 500, 5499) == Starts{500, 1500, 2500, 3500, 4500});
}

TEST_CASE("V05: offsets that differ by a multiple of the size are one") {
  constexpr int64_t kMinute = 60'000;
  const int64_t time = ParseInstant("2021-06-30T00:00:04Z")->ns / 1'000'000;
  const int64_t midnight = ParseInstant("2021-06-30T00:00:00Z")->ns / 1'000'000;
  for (const int64_t offset : {-16, -6, 4}) {
    CHECK(TumblingStart(10 * kMinute, offset * kMinute, time) == Starts{midnight - 6 * kMinute});
  }
  for (const int64_t offset : {-4, 6, 16}) {
    CHECK(TumblingStart(10 * kMinute, offset * kMinute, time) == Starts{midnight - 4 * kMinute});
  }
  CHECK(TumblingStart(10 * kMinute, 0, time) == Starts{midnight});
}

TEST_CASE("V06: tumbling sums by watermark") {
  const std::string script = R"(
E 3999 key2 1
E 3000 key2 1
E 20 key1 1
E 0 key1 1
E 999 key1 1
E 1998 key2 1
E 1999 key2 1
E 1000 key2 1
W 999
W 1999
W 2999
O key1 3 0 3000
O key2 3 0 3000
W 3999
W 4999
W 5999
O key2 2 3000 6000
W 6999
W 7999
)";
  const QueryPlan query = FlinkSum(Tumbling(Millis(3000)), {0});
  CHECK(WithUpdatesAsOutput(PlayFlinkScript(query, script)) == SortedScript(script));
}

TEST_CASE("V07: sliding sums by watermark") {
  const std::string script = R"(
E 3999 key2 1
E 3000 key2 1
E 20 key1 1
E 0 key1 1
E 999 key1 1
E 1998 key2 1
E 1999 key2 1
E 1000 key2 1
W 999
O key1 3 -2000 1000
W 1999
O key1 3 -1000 2000
O key2 3 -1000 2000
W 2999
O key1 3 0 3000
O key2 3 0 3000
W 3999
O key2 5 1000 4000
W 4999
O key2 2 2000 5000
W 5999
O key2 2 3000 6000
W 6999
W 7999
)";
  const QueryPlan query = FlinkSum(Hopping(Millis(3000), Millis(1000)), {0});
  CHECK(WithUpdatesAsOutput(PlayFlinkScript(query, script)) == SortedScript(script));
}

TEST_SUITE_END();

}  // namespace onrush
