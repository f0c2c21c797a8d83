// A key that has many events: its log is another than that of a key with few.
#include <random>
#include <string>

#include "doctest/doctest.h"
#include "fmt/format.h"
#include "tests/support/plan_maker.h"
#include "tests/support/run_both.h"

namespace onrush {
namespace {

constexpr int64_t kDisorderMs = 3'000;

Plan PlanOf(const VelocityPlan& velocity) {
  StreamPlan stream = MakeStream("s", TimeFormat::Kind::kUnixMillis, Seconds(3),
                                 {{"ts", kTimestampType},
                                  {"card", kStringType},
                                  {"merchant", kStringType},
                                  {"amount", kIntType},
                                  {"weight", kFloatType}});
  return MakePlan(std::move(stream), {MakeQuery("v", {1}, Seconds(1), velocity)});
}

// Events of one card, some 20 ms apart, out of order, some at the same instant or without a value;
// between them a few of others.
std::string BusyCard(uint64_t seed, int events, uint64_t merchants) {
  std::mt19937_64 random(seed);
  std::string text;
  for (int i = 0; i < events; ++i) {
    const int64_t ms =
        100'000 + int64_t{i} * 20 - static_cast<int64_t>(random() % kDisorderMs) / 20 * 20;
    const std::string merchant = random() % 20 == 0 ? "" : fmt::format("m{}", random() % merchants);
    const std::string card = random() % 50 == 0 ? fmt::format("c{}", random() % 9) : "busy";
    text += fmt::format("{},{},{},{},0.{}\n", ms, card, merchant, random() % 100, random() % 1000);
  }
  return text;
}

TEST_SUITE_BEGIN("operators/velocity");

TEST_CASE("a busy key in disorder is judged as the model judges it") {
  VelocityPlan any;
  any.within = Seconds(2);
  any.count_over = 3;
  any.distinct = VelocityPlan::Distinct{2, 2};

  VelocityPlan rare;  // met now and then, so that events wait unflagged
  rare.within = Seconds(1);
  rare.count_over = 44;
  rare.distinct = VelocityPlan::Distinct{2, 24};
  rare.sum = VelocityPlan::Sum{3, 2'100, 2'100, "2100"};

  VelocityPlan floats;
  floats.within = Millis(900);
  floats.sum = VelocityPlan::Sum{4, 0, 22.5, "22.5"};
  floats.cooldown = Millis(100);

  for (const VelocityPlan& velocity : {any, rare, floats}) {
    for (const uint64_t merchants : {2, 40, 1'000}) {
      CAPTURE(merchants);
      const std::string input = BusyCard(merchants, 600, merchants);
      const size_t lines = RunBoth(PlanOf(velocity), input).results.size();
      if (merchants == 40) CHECK(lines > 0);
    }
  }
}

TEST_CASE("a busy key that falls silent is forgotten and begins anew") {
  VelocityPlan velocity;
  velocity.within = Seconds(1);
  velocity.count_over = 2;
  velocity.distinct = VelocityPlan::Distinct{2, 2};
  std::string input = BusyCard(1, 300, 5);
  input += "900000,other,m1,1,0\n";
  for (int i = 0; i < 5; ++i) input += fmt::format("{},other,m1,1,0\n", 990'000 + i);
  input += "1000000,busy,m1,1,0\n1000001,busy,m2,1,0\n1000002,busy,m1,1,0\n";
  const std::string results = RunBoth(PlanOf(velocity), input).results;
  CHECK(results.find("\"card\":\"busy\",\"count\":3,\"distinct_merchant\":2,"
                     "\"window_start\":\"1970-01-01T00:16:39.002Z\"") != std::string::npos);
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
