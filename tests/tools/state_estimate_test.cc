#include "tools/engine/state_estimate.h"

#include <algorithm>
#include <string>

#include "doctest/doctest.h"
#include "fmt/format.h"
#include "ingest/memory_source.h"
#include "ingest/open.h"
#include "tests/support/plan_maker.h"
#include "tools/engine/engine.h"

namespace onrush {
namespace {

constexpr uint64_t kKeys = 3000;

Plan PlanOf(decltype(QueryPlan::kind) kind) {
  return MakePlan(MakeStream("s", TimeFormat::Kind::kUnixSeconds, Seconds(0),
                             {{"ts", kTimestampType},
                              {"key", kStringType},
                              {"user", kStringType},
                              {"amount", kIntType}}),
                  {MakeQuery("q", {1}, Seconds(0), std::move(kind))});
}

AggregatePlan Aggregate(std::vector<MeasurePlan> compute) {
  AggregatePlan aggregate;
  aggregate.compute = std::move(compute);
  return aggregate;
}

// An event of each key in each of `rounds` minutes; all users and amounts differ.
std::string Events(int rounds) {
  std::string text;
  uint64_t value = 0;
  for (int round = 0; round < rounds; ++round) {
    for (uint64_t key = 0; key < kKeys; ++key, ++value) {
      text += fmt::format("{},{:016},{:016},{}\n", round * 60, key, value, value);
    }
  }
  return text;
}

// The most state that an engine is seen to have while it reads `text`.
double MostStateBytes(const Plan& plan, const std::string& text) {
  auto engine = Engine::Create(plan, {}, {});
  REQUIRE_MESSAGE(engine.ok(), engine.status().ToString());
  BlockOptions blocks;
  blocks.block_bytes = 64 * 1024;
  auto source = MemorySource::Create({{"s.csv", text}}, Format::kCsv, ',', blocks);
  auto decoder = MakeDecoder(plan.streams[0], Format::kCsv);
  REQUIRE((source.ok() && decoder.ok()));
  TextBlock block;
  size_t most = 0;
  while (*(*source)->Next(block)) {
    REQUIRE((*engine)->Process(block, **decoder).ok());
    most = std::max(most, (*engine)->state_bytes());
  }
  return static_cast<double>(most);
}

StateEstimate EstimateOf(const Plan& plan, uint64_t keys) {
  const absl::StatusOr<StateEstimate> estimate = EstimateState(plan, 0, keys);
  REQUIRE_MESSAGE(estimate.ok(), estimate.status().ToString());
  CHECK(estimate->least_bytes <= estimate->most_bytes);
  return *estimate;
}

void CheckIsAbout(uint64_t estimated, double measured) {
  INFO("estimated ", estimated, " measured ", measured);
  CHECK(static_cast<double>(estimated) > 0.8 * measured);
  CHECK(static_cast<double>(estimated) < 1.25 * measured);
}

}  // namespace

TEST_SUITE("tools/engine/state_estimate") {
  TEST_CASE("it is about what an engine comes to: windows") {
    AggregatePlan aggregate =
        Aggregate({{MeasurePlan::Kind::kSum, 3, "sum"}, {MeasurePlan::Kind::kLast, 2, "last"}});
    aggregate.window = Hopping(Minutes(20), Minutes(1));
    TopKPlan by_count{Hopping(Minutes(20), Minutes(1)), 10, Count()};
    TopKPlan by_users = by_count;
    by_users.by = {MeasurePlan::Kind::kDistinct, 2, "users"};
    for (const Plan& plan : {PlanOf(aggregate), PlanOf(by_count), PlanOf(by_users)}) {
      const StateEstimate estimate = EstimateOf(plan, kKeys);
      CHECK(estimate.events_per_key == 21);
      CheckIsAbout(estimate.most_bytes, MostStateBytes(plan, Events(22)));
      CheckIsAbout(estimate.least_bytes, MostStateBytes(plan, Events(1) + "60,,,\n60,,,\n"));
    }
  }

  TEST_CASE("it is about what an engine comes to: velocity") {
    VelocityPlan velocity;
    velocity.within = Minutes(10);
    velocity.count_over = 3;
    velocity.distinct = VelocityPlan::Distinct{.column = 2, .at_least = 2};
    const Plan plan = PlanOf(velocity);
    const StateEstimate estimate = EstimateOf(plan, kKeys);
    CHECK(estimate.events_per_key == 4);
    CheckIsAbout(estimate.most_bytes, MostStateBytes(plan, Events(4)));
    CheckIsAbout(estimate.least_bytes, MostStateBytes(plan, Events(1)));
  }

  TEST_CASE("it is about what an engine comes to: running aggregates") {
    const Plan plan = PlanOf(Aggregate({Count(), {MeasurePlan::Kind::kDistinct, 2, "users"}}));
    const StateEstimate estimate = EstimateOf(plan, kKeys);
    CHECK(estimate.least_bytes == estimate.most_bytes);
    CheckIsAbout(estimate.most_bytes, MostStateBytes(plan, Events(1)));
  }

  TEST_CASE("more keys than are measured are scaled from a half, a quarter …") {
    const Plan plan = PlanOf(Aggregate({Count()}));
    const StateEstimate measured = EstimateOf(plan, 100'000);
    const StateEstimate scaled = EstimateOf(plan, 1'600'000);
    CHECK(scaled.keys == 1'600'000);
    CHECK(scaled.most_bytes == 16 * measured.most_bytes);
    CHECK(EstimateOf(plan, kMaxEstimateKeys).most_bytes > scaled.most_bytes);
  }

  TEST_CASE("windows of very many panes take no longer") {
    AggregatePlan aggregate = Aggregate({Count()});
    aggregate.window = Hopping(Seconds(100), Seconds(1));
    Plan plan = PlanOf(aggregate);
    plan.queries[0].allowed_lateness = Hours(24 * 365);
    const StateEstimate estimate = EstimateOf(plan, 100);
    CHECK(estimate.events_per_key == 100 + 86'400 * 365 + 1);
    CHECK(estimate.most_bytes > uint64_t{5} * 100 * 86'400 * 365);
  }

  TEST_CASE("what is beyond all memory is held at an exabyte") {
    AggregatePlan aggregate = Aggregate({Count()});
    aggregate.window = Tumbling(Nanos(1000));
    Plan plan = PlanOf(aggregate);
    plan.queries[0].allowed_lateness = {INT64_MAX};
    CHECK(EstimateOf(plan, 1'000'000).most_bytes == 1'000'000'000'000'000'000);
  }

  TEST_CASE("there are no more keys than the key's type allows") {
    Plan plan = PlanOf(Aggregate({Count()}));
    plan.streams[0].fields.push_back({"paid", kBoolType});
    plan.queries[0].key = {4};
    CHECK(EstimateOf(plan, 1000).keys == 2);
    plan.queries[0].key = {4, 3};
    CHECK(EstimateOf(plan, 1000).keys == 1000);
    plan.queries[0].key = {};
    CHECK(EstimateOf(plan, 1000).keys == 1);
  }

  TEST_CASE("a velocity query without a count is weighed with as many events as it needs") {
    VelocityPlan velocity;
    velocity.within = Minutes(10);
    velocity.sum = VelocityPlan::Sum{.column = 3, .amount = 5, .amount_float = 5, .text = "5"};
    CHECK(EstimateOf(PlanOf(velocity), 10).events_per_key == 1);
    velocity.distinct = VelocityPlan::Distinct{.column = 2, .at_least = 7};
    CHECK(EstimateOf(PlanOf(velocity), 10).events_per_key == 7);
    velocity.count_over = INT64_MAX;
    CHECK(EstimateOf(PlanOf(velocity), 10).events_per_key > 1'000'000);
  }
}

}  // namespace onrush
