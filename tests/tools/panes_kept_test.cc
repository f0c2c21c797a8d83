#include "tools/engine/panes_kept.h"

#include <algorithm>
#include <vector>

#include "core/window.h"
#include "doctest/doctest.h"
#include "operators/make_operator.h"
#include "tests/support/plan_maker.h"

namespace onrush {
namespace {

Plan WindowedPlan(const WindowPlan& window, Duration bound, Duration lateness) {
  AggregatePlan aggregate;
  aggregate.window = window;
  aggregate.compute = {Count()};
  return MakePlan(MakeStream("s", TimeFormat::Kind::kUnixNanos, bound,
                             {{"ts", kTimestampType}, {"pane", kIntType}}),
                  {MakeQuery("q", {1}, lateness, aggregate)});
}

// The most panes that the query's operator holds while events with these times come. The events of
// a pane have a key of their own, so that its keys are its panes.
int64_t MostPanes(const Plan& plan, const std::vector<EventTime>& times) {
  const StreamPlan& stream = plan.streams[0];
  auto state = MakeOperator(plan, 0, 1);
  auto assigner = WindowAssigner::Create(*plan.queries[0].window());
  REQUIRE((state.ok() && assigner.ok()));
  EventBatch batch(stream, 0, 1);
  batch.size = 1;
  KeyColumn keys(1);
  ResultLines lines;
  const uint32_t row = 0;
  size_t most = 0;
  for (const EventTime time : times) {
    batch.columns[0].ints[0] = time.ns;
    batch.columns[1].ints[0] = assigner->PaneOf(time);
    KeyCodec(stream, {1}).Encode(batch, 1, keys);
    (*state)->Process(batch, keys, std::span(&row, 1), {lines, nullptr});
    most = std::max(most, (*state)->key_count());
    (*state)->OnWatermark(SaturatingSubtract(time, stream.max_out_of_orderness), 0,
                          {lines, nullptr});
  }
  return static_cast<int64_t>(most);
}

int64_t PanesKeptBy(const Plan& plan) {
  const absl::StatusOr<int64_t> kept = PanesKept(plan.streams[0], plan.queries[0]);
  REQUIRE_MESSAGE(kept.ok(), kept.status().ToString());
  return *kept;
}

EventTime At(const char* time) { return ParseInstant(time).value(); }

}  // namespace

TEST_SUITE("tools/engine/panes_kept") {
  TEST_CASE("it is the most that an operator holds") {
    struct Case {
      WindowPlan window;
      Duration bound;
      Duration lateness;
      int64_t kept;
    };
    const Case cases[] = {
        {Tumbling(Minutes(1)), Minutes(0), Minutes(0), 2},
        {Tumbling(Minutes(1)), Seconds(1), Minutes(0), 3},
        {Tumbling(Minutes(1)), Seconds(30), Seconds(30), 3},
        {Tumbling(Minutes(1)), Seconds(30), Seconds(31), 4},
        {Hopping(Minutes(5), Minutes(1)), Minutes(0), Minutes(0), 6},
        {Hopping(Minutes(5), Minutes(1)), Seconds(30), Minutes(5), 12},
        {Hopping(Minutes(10), Seconds(1)), Minutes(1), Minutes(1), 721},
    };
    for (const Case& c : cases) {
      const Plan plan = WindowedPlan(c.window, c.bound, c.lateness);
      CHECK(PanesKeptBy(plan) == c.kept);
      // An event at every boundary, where the most lies behind it.
      std::vector<EventTime> times;
      for (int64_t i = 0; i < 2 * c.kept; ++i) times.push_back({i * c.window.slide.ns});
      CHECK(MostPanes(plan, times) == c.kept);
    }
  }

  TEST_CASE("an origin changes nothing") {
    Plan plan = WindowedPlan(Tumbling(Minutes(1)), Seconds(30), Seconds(31));
    std::get<AggregatePlan>(plan.queries[0].kind).window->origin = At("2020-01-01T00:00:07Z");
    CHECK(PanesKeptBy(plan) == 4);
  }

  TEST_CASE("a day of 23 hours may leave another day open") {
    const std::vector<EventTime> times = {At("2026-03-28T12:00:00Z"), At("2026-03-29T12:00:00Z"),
                                          At("2026-03-29T23:00:00Z"), At("2026-03-30T23:30:00Z")};
    const Plan london = WindowedPlan(DaysOf("Europe/London"), Hours(1), Hours(23));
    CHECK(PanesKeptBy(london) == 4);
    CHECK(MostPanes(london, times) == 4);
    CHECK(PanesKeptBy(WindowedPlan(DaysOf("Europe/London"), Hours(1), Hours(22))) == 3);
    CHECK(PanesKeptBy(WindowedPlan(DaysOf("UTC"), Hours(1), Hours(23))) == 3);
  }

  TEST_CASE("a time zone that the system does not know is an error") {
    const Plan plan = WindowedPlan(DaysOf("Europe/Lundon"), Hours(1), Hours(1));
    CHECK(PanesKept(plan.streams[0], plan.queries[0]).status().code() ==
          absl::StatusCode::kInvalidArgument);
  }
}

}  // namespace onrush
