#include "core/window.h"

#include <vector>

#include "doctest/doctest.h"

namespace onrush {
namespace {

WindowAssigner Fixed(int64_t size, int64_t slide, int64_t origin = 0) {
  WindowPlan plan;
  plan.size = Duration{size};
  plan.slide = Duration{slide};
  plan.origin = EventTime{origin};
  return *WindowAssigner::Create(plan);
}

WindowAssigner Days(const char* zone) {
  WindowPlan plan;
  plan.kind = WindowPlan::Kind::kZonedDay;
  plan.size = plan.slide = Duration{kNanosPerDay};
  plan.time_zone = zone;
  return *WindowAssigner::Create(plan);
}

// The window of days that holds an instant, as "start end".
std::string DayOf(WindowAssigner& assigner, const char* instant) {
  const int64_t pane = assigner.PaneOf(*ParseInstant(instant));
  return FormatInstant(assigner.Boundary(pane)) + " " + FormatInstant(assigner.Boundary(pane + 1));
}

TEST_SUITE_BEGIN("core/window");

TEST_CASE("panes are found for times before and after the origin") {
  // The starts that Flink's own assigner tests give for windows of 7.
  const struct {
    int64_t origin, time, start;
  } kCases[] = {{0, 1, 0},    {0, 6, 0},   {0, 7, 7},   {0, 8, 7},   {3, 1, -4},
                {3, 2, -4},   {3, 3, 3},   {3, 9, 3},   {3, 10, 10}, {-2, 1, -2},
                {-2, -2, -2}, {-2, 3, -2}, {-2, 4, -2}, {-2, 7, 5},  {-2, 12, 12}};
  for (const auto& [origin, time, start] : kCases) {
    CAPTURE(origin);
    CAPTURE(time);
    WindowAssigner assigner = Fixed(7000, 7000, origin * 1000);
    CHECK(assigner.Boundary(assigner.PaneOf(EventTime{time * 1000})) == start * 1000);
  }
}

TEST_CASE("an instant belongs to size / slide windows") {
  WindowAssigner assigner = Fixed(5000, 1000);
  CHECK(assigner.panes_per_window() == 5);
  const int64_t pane = assigner.PaneOf(EventTime{4999});
  CHECK(assigner.Boundary(assigner.WindowBegin(pane + 1)) == 0);
  CHECK(assigner.Boundary(assigner.WindowBegin(pane + 5)) == 4000);
}

TEST_CASE("panes at the ends of event time do not wrap") {
  for (const int64_t origin : {int64_t{0}, kMaxEventTime.ns, kMinEventTime.ns}) {
    WindowAssigner assigner = Fixed(3'600'000'000'000, 60'000'000'000, origin);
    for (const EventTime time : {kMinEventTime, kMaxEventTime}) {
      const int64_t pane = assigner.PaneOf(time);
      CHECK(assigner.Boundary(pane) <= time.ns);
      CHECK(assigner.Boundary(pane + 1) > time.ns);
      CHECK(assigner.PaneOf(time) == pane);
    }
  }
}

TEST_CASE("days of a clock change have 23 and 25 hours") {
  WindowAssigner london = Days("Europe/London");
  CHECK(DayOf(london, "2024-03-31T12:00:00Z") == "2024-03-31T00:00:00Z 2024-03-31T23:00:00Z");
  CHECK(DayOf(london, "2024-10-27T12:00:00Z") == "2024-10-26T23:00:00Z 2024-10-28T00:00:00Z");
  CHECK(DayOf(london, "2024-07-01T23:30:00Z") == "2024-07-01T23:00:00Z 2024-07-02T23:00:00Z");
}

TEST_CASE("a day starts at the first instant of its local date") {
  // Clocks went from 00:00 to 01:00.
  WindowAssigner sao_paulo = Days("America/Sao_Paulo");
  CHECK(DayOf(sao_paulo, "2018-11-04T12:00:00Z") == "2018-11-04T03:00:00Z 2018-11-05T02:00:00Z");
  // Clocks went from 00:00 back to 23:00 of the day before.
  CHECK(DayOf(sao_paulo, "2018-02-17T12:00:00Z") == "2018-02-17T02:00:00Z 2018-02-18T03:00:00Z");
  // Clocks went from 00:01 back to 23:01 of the day before: the new day has begun and goes on.
  WindowAssigner st_johns = Days("America/St_Johns");
  CHECK(DayOf(st_johns, "2005-10-30T02:31:30Z") == "2005-10-30T02:30:00Z 2005-10-31T03:30:00Z");
  // 30 December 2011 did not happen in Samoa.
  WindowAssigner apia = Days("Pacific/Apia");
  CHECK(DayOf(apia, "2011-12-30T09:59:59Z") == "2011-12-29T10:00:00Z 2011-12-30T10:00:00Z");
  CHECK(DayOf(apia, "2011-12-30T10:00:00Z") == "2011-12-30T10:00:00Z 2011-12-31T10:00:00Z");
}

TEST_CASE("an unknown time zone is named") {
  WindowPlan plan;
  plan.kind = WindowPlan::Kind::kZonedDay;
  plan.time_zone = "Europe/Londres";
  const auto made = WindowAssigner::Create(plan);
  REQUIRE_FALSE(made.ok());
  CHECK(std::string(made.status().message()).find("Europe/Londres") != std::string::npos);
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
