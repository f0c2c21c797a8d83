#include <set>
#include <sstream>
#include <string>

#include "doctest/doctest.h"
#include "simdjson.h"
#include "tests/support/plan_maker.h"
#include "tools/onrush/describe_plan.h"
#include "tools/onrush/explain/explanation.h"
#include "tools/onrush/explain/renderers.h"

namespace onrush {
namespace {

enum Query : size_t { kTop, kFast, kStock, kFinal, kDaily, kQueries };

AggregatePlan CountsOf(std::optional<WindowPlan> window, AggregatePlan::Emit emit) {
  AggregatePlan aggregate;
  aggregate.window = std::move(window);
  aggregate.compute = {Count()};
  aggregate.emit = emit;
  return aggregate;
}

// A query of every kind.
Plan AllKinds() {
  using Emit = AggregatePlan::Emit;
  StreamPlan stream = MakeStream("payments", TimeFormat::Kind::kUnixMillis, Seconds(30),
                                 {{"ts", kTimestampType},
                                  {"card", kStringType},
                                  {"shop", kStringType},
                                  {"amount", DecimalType(2)}});
  stream.derived = {Derive(stream, "cents", kIntType, "amount * 100")};
  VelocityPlan velocity;
  velocity.within = Minutes(2);
  velocity.count_over = 3;
  velocity.sum = VelocityPlan::Sum{.column = 3, .amount = 500, .amount_float = 5, .text = "5"};
  Plan plan = MakePlan(
      stream,
      {MakeQuery("top", {1}, Minutes(5), TopKPlan{Hopping(Minutes(5), Minutes(1)), 10, Count()}),
       MakeQuery("fast", {1}, Minutes(5), velocity),
       MakeQuery("stock", {1, 2}, Minutes(5), CountsOf(std::nullopt, Emit::kChange)),
       MakeQuery("final", {}, Minutes(5), CountsOf(std::nullopt, Emit::kFinal)),
       MakeQuery("daily", {1}, Minutes(5), CountsOf(DaysOf("Europe/London"), Emit::kChange))});
  plan.queries[kFast].where = Where(stream, "shop != '\"\\' and\namount > 0");
  plan.queries[kDaily].late_updates = QueryPlan::LateUpdates::kEach;
  return plan;
}

Explanation Explained(const Plan& plan) {
  absl::StatusOr<Explanation> explanation = Explain(plan, 1000);
  REQUIRE_MESSAGE(explanation.ok(), explanation.status().ToString());
  return *std::move(explanation);
}

std::string TextOf(const Plan& plan) { return ExplanationAsText(Explained(plan)); }

void CheckHas(const std::string& text, const std::string& part) {
  CHECK_MESSAGE(text.find(part) != text.npos, text, "\nlacks\n", part);
}

}  // namespace

TEST_SUITE("tools/onrush/explain") {
  TEST_CASE("queries with the same key share a route") {
    const Plan plan = AllKinds();
    const std::vector<Route> routes = Explained(plan).routes.at(0);
    REQUIRE(routes.size() == 3);
    CHECK(routes[0].key == std::vector<size_t>{1});
    CHECK(routes[0].queries == std::vector<size_t>{kTop, kFast, kDaily});
    CHECK(routes[1].key == std::vector<size_t>{1, 2});
    CHECK(routes[1].queries == std::vector<size_t>{kStock});
    CHECK(routes[2].key.empty());
    CHECK(routes[2].queries == std::vector<size_t>{kFinal});
  }

  TEST_CASE("each kind of query is told and late in its own way") {
    using Told = QueryExplanation::Told;
    const Plan plan = AllKinds();
    const Explanation explanation = Explained(plan);
    REQUIRE(explanation.queries.size() == kQueries);
    const auto of = [&](Query query) -> const QueryExplanation& {
      return explanation.queries[query];
    };
    CHECK(of(kTop).told == Told::kWindowEnd);
    CHECK(of(kFast).told == Told::kArrival);
    CHECK(of(kStock).told == Told::kEveryEvent);
    CHECK(of(kFinal).told == Told::kEnd);
    CHECK(of(kDaily).told == Told::kWindowEnd);
    for (const Query query : {kTop, kFast, kDaily}) {
      CHECK(of(query).late_after == Seconds(330));
      CHECK(of(query).merged == (query == kTop));
    }
    for (const Query query : {kStock, kFinal}) {
      CHECK_FALSE(of(query).late_after);
      CHECK(of(query).merged == (query == kFinal));
      CHECK_FALSE(of(query).panes);
    }
    CHECK(of(kTop).panes->per_window == 5);
    CHECK(of(kTop).panes->kept == 5 + 6 + 1);
    CHECK(of(kDaily).panes->kept == 1 + 1 + 1);
    CHECK(of(kFast).events_kept == Seconds(450));
    CHECK(of(kTop).state.keys == 1000);
    CHECK(of(kFinal).state.keys == 1);
  }

  TEST_CASE("what saturates does not wrap") {
    Plan plan = AllKinds();
    plan.queries[kFast].allowed_lateness = {INT64_MAX};
    CHECK(Explained(plan).queries[kFast].events_kept == Duration{INT64_MAX});
  }

  TEST_CASE("the text has all that describe_plan says, and more") {
    const Plan plan = AllKinds();
    const std::string text = TextOf(plan);
    CheckHas(text, DescribeStream(plan.streams[0]));
    for (const QueryPlan& query : plan.queries) {
      CheckHas(text, DescribeQuery(plan.streams[0], query));
    }
    CheckHas(text,
             "  times are written as unix_ms\n"
             "  decoded: ts timestamp, card string, shop string, amount decimal(2)\n"
             "  derived: cents int = amount * 100\n"
             "  key card: hashed once, each key has its shard, for top, fast, daily\n"
             "  key card, shop: hashed once, each key has its shard, for stock\n"
             "  no key: each shard counts a run of the events, for final\n");
    CheckHas(text,
             "  an event is late when all of its windows are closed, partly late when some are\n"
             "  a window that late events changed is told again at the next multiple of 1m, or "
             "when it closes\n"
             "  panes of 1m: 5 in a window, at most 12 kept (6 that lateness keeps open, one being "
             "filled)\n"
             "  the shards' results are merged into one\n"
             "  state of 1,000 keys: about ");
    CheckHas(text, " if each has one in all 12 panes\n");
    CheckHas(text,
             "  only events with shop != '\"\\' and amount > 0\n"
             "  an event is kept until the newest one is 7m30s newer\n"
             "  each shard tells the results of its own keys\n"
             "  state of 1,000 keys: about ");
    CheckHas(text, " if each has the 4 that flag it\n");
    CheckHas(text, "  state of 1 key: about ");
    CheckHas(text,
             "  an event is late when all of its windows are closed\n"
             "  a window that late events changed is told again at each of them\n"
             "  panes of a day: 1 in a window, at most 3 kept");
    CheckHas(text, "\nstate of all queries: about ");
  }

  TEST_CASE("days are told again at midnight") {
    Plan plan = AllKinds();
    plan.queries[kDaily].late_updates = QueryPlan::LateUpdates::kSlide;
    CheckHas(TextOf(plan), "told again at the next midnight, or when it closes\n");
  }

  TEST_CASE("JSON has one object with the plan and what follows from it") {
    const Plan plan = AllKinds();
    const std::string text = ExplanationAsJson(Explained(plan));
    simdjson::dom::parser parser;
    simdjson::dom::element parsed;
    REQUIRE(parser.parse(text).get(parsed) == simdjson::SUCCESS);
    CHECK(text.find('\n') == text.size() - 1);
    CheckHas(text, R"({"pipeline":"test","streams":[{"name":"payments","format":"csv","time":"ts",)"
                   R"("time_format":"unix_ms","max_out_of_orderness":"30s","valid_from":null,)"
                   R"("valid_until":null,"max_ahead":null,"fields":[{"name":"ts","type":"timestamp"},)");
    CheckHas(text,
             R"("derived":[{"name":"cents","type":"int","expr":"amount * 100"}],)"
             R"("routes":[{"key":["card"],"queries":["top","fast","daily"]},)"
             R"({"key":["card","shop"],"queries":["stock"]},{"key":[],"queries":["final"]}]}])");
    CheckHas(text,
             R"("key":["card"],"where":null,"window":{"size":"5m","slide":"1m",)"
             R"("origin":"1970-01-01T00:00:00Z","time_zone":null,"panes":5,"panes_kept":12},)"
             R"("told":"window_end","late_after":"5m30s","events_kept":null,)"
             R"("late_updates":"slide","merged":true,"state":{"keys":1000,"events_per_key":12,)"
             R"("text_bytes":16,"least_bytes":)");
    CheckHas(text,
             R"("where":"shop != '\"\\' and\namount > 0","window":null,"told":"arrival",)"
             R"("late_after":"5m30s","events_kept":"7m30s","late_updates":null,"merged":false,)");
    CheckHas(text, R"("told":"every_event","late_after":null,)");
    CheckHas(text, R"("told":"end_of_input","late_after":null,)");
    CheckHas(text, R"("origin":null,"time_zone":"Europe/London","panes":1,"panes_kept":3})");
  }

  TEST_CASE("DOT names each node before its edges, and quotes what it did not make up") {
    const Plan plan = AllKinds();
    std::istringstream lines(ExplanationAsDot(Explained(plan)));
    std::string line;
    std::getline(lines, line);
    CHECK(line == "digraph \"test\" {");
    std::set<std::string> nodes, drawn;
    while (std::getline(lines, line) && line != "}") {
      CHECK(line.ends_with(';'));
      std::istringstream words(line);
      std::string from, what, to;
      words >> from >> what >> to;
      if (what == "->") {
        if (to.ends_with(';')) to.pop_back();
        drawn.insert(from);
        drawn.insert(to);
      } else if (what.starts_with("[label=")) {
        CHECK(nodes.insert(from).second);
      } else {
        CHECK(from == "rankdir=LR;");
      }
    }
    CHECK(line == "}");
    CHECK(nodes == drawn);
    CHECK(nodes.size() == 3 + 3 + 3 + kQueries);  // outputs, stream, routes, queries
    const std::string text = ExplanationAsDot(Explained(plan));
    CheckHas(text, R"(  route_0_0 -> query_1 [label="shop != '\"\\' and amount > 0"];)");
    CheckHas(text, "  query_0 -> results [label=\"merged\"];\n");
    CheckHas(text, "  query_0 -> late [label=\"after 5m30s\"];\n");
    CheckHas(text, "  query_1 -> bad [label=\"below zero\"];\n");
    CheckHas(text, "\"decode\\nts timestamp\\ncard string");
  }

  TEST_CASE("DOT has no late output where nothing is late") {
    Plan plan = AllKinds();
    plan.queries = {plan.queries[kStock]};
    CHECK(ExplanationAsDot(Explained(plan)).find("late") == std::string::npos);
  }

  TEST_CASE("how times are written") {
    CHECK(TimeFormatInWords({TimeFormat::Kind::kRfc3339, "", "UTC"}) == "rfc3339");
    CHECK(TimeFormatInWords({TimeFormat::Kind::kPattern, "%d.%m.%Y", "Europe/London"}) ==
          "'%d.%m.%Y' in Europe/London");
  }
}

}  // namespace onrush
