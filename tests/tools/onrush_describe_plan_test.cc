#include "doctest/doctest.h"
#include "tools/onrush/describe_plan.h"

namespace onrush {
namespace {

constexpr Duration kMinute{60 * kNanosPerSecond};

Plan ClicksPlan() {
  Plan plan;
  StreamPlan& stream = plan.streams.emplace_back();
  stream.name = "clicks";
  stream.fields = {{"ts", {TypeKind::kTimestamp}},
                   {"page", {TypeKind::kString}},
                   {"amount", {TypeKind::kDecimal, 2}}};
  stream.max_out_of_orderness = {10 * kMinute.ns};
  return plan;
}

QueryPlan Query(std::string name, std::variant<TopKPlan, VelocityPlan, AggregatePlan> kind) {
  QueryPlan query;
  query.name = std::move(name);
  query.key = {1};
  query.allowed_lateness = {60 * kMinute.ns};
  query.kind = std::move(kind);
  return query;
}

}  // namespace

TEST_SUITE("tools/onrush/describe_plan") {
  TEST_CASE("a stream tells its format, its event time and its guards") {
    Plan plan = ClicksPlan();
    CHECK(
        DescribePlan(plan) ==
        "stream clicks: format by the file's name, 3 fields\n"
        "  event time is ts; events may be 10m behind the newest one before they count as late\n");
    plan.streams[0].format = Format::kCsv;
    plan.streams[0].valid_from = EventTime{0};
    CHECK(DescribePlan(plan) ==
          "stream clicks: CSV, 3 fields\n"
          "  event time is ts; events may be 10m behind the newest one before they count as late\n"
          "  an event is bad unless its time lies in [1970-01-01T00:00:00Z, …)\n");
  }

  TEST_CASE("a query tells what it computes and what is late for it") {
    Plan plan = ClicksPlan();
    TopKPlan top_k;
    top_k.window.size = {5 * kMinute.ns};
    top_k.window.slide = kMinute;
    top_k.k = 10;
    top_k.by.name = "count";
    plan.queries.push_back(Query("top", top_k));
    VelocityPlan velocity;
    velocity.within = {2 * kMinute.ns};
    velocity.count_over = 3;
    velocity.distinct = VelocityPlan::Distinct{.column = 2, .at_least = 2};
    velocity.cooldown = kMinute;
    plan.queries.push_back(Query("fast", velocity));
    AggregatePlan running;
    running.compute.resize(2);
    running.compute[0].name = "count";
    running.compute[1].name = "sum_amount";
    plan.queries.push_back(Query("stock", running));
    plan.queries.back().key.clear();
    AggregatePlan daily;
    daily.window.emplace();
    daily.window->kind = WindowPlan::Kind::kZonedDay;
    daily.window->time_zone = "Europe/London";
    daily.compute.resize(1);
    daily.compute[0].name = "sold";
    plan.queries.push_back(Query("daily", daily));
    const std::string text = DescribePlan(plan);
    CHECK(text.substr(text.find("query top")) ==
          "query top: the 10 largest page by count, windows of 5m every 1m\n"
          "  a window is told when an event 10m past its end has come, and is closed for late "
          "events when one 1h10m past its end has come\n"
          "query fast: flags an event if its page had more than 3 events and at least 2 different "
          "amount in the 2m up to it, then is silent for 1m\n"
          "  judged on arrival; late is what is more than 1h10m behind the newest event\n"
          "query stock: count, sum_amount per stream, over all time, told at every event\n"
          "  nothing is late\n"
          "query daily: sold per page, days of Europe/London\n"
          "  a window is told when an event 10m past its end has come, and is closed for late "
          "events when one 1h10m past its end has come\n");
  }
}

}  // namespace onrush
