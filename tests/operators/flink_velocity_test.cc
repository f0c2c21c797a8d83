// Trailing windows of other engines: V36 (Flink's OverAggregateITCase), V37 and V38 (Kafka Streams'
// sliding windows) of our collection.
//
// Those tell every event's measures when the watermark passes; velocity tells at once which events
// exceed a threshold. As long as nothing is late, which events are flagged does not depend on the
// order of arrival: an event whose final count is c is flagged for the thresholds 0 … c − 1 and no
// others. So running all thresholds gives every event's final measures.
#include <map>
#include <set>
#include <string>

#include "doctest/doctest.h"
#include "tests/support/flink_script.h"
#include "tests/support/plan_maker.h"
#include "tests/support/run_both.h"

namespace onrush {
namespace {

// The seqs of the flagged events.
std::multiset<int> Flagged(const Plan& plan, const std::string& input) {
  std::multiset<int> flagged;
  const std::string lines = RunBoth(plan, input).results;
  const std::string member = "\"event_seq\":";
  for (size_t at = lines.find(member); at != std::string::npos; at = lines.find(member, at)) {
    at += member.size();
    flagged.insert(std::stoi(lines.substr(at)));
  }
  return flagged;
}

VelocityPlan CountOver(Duration within, int64_t count) {
  VelocityPlan velocity;
  velocity.within = within;
  velocity.count_over = count;
  return velocity;
}

VelocityPlan SumOver(Duration within, int64_t amount) {
  VelocityPlan velocity;
  velocity.within = within;
  velocity.sum = {2, amount, static_cast<double>(amount), std::to_string(amount)};
  return velocity;
}

Plan PlanOf(const VelocityPlan& velocity) {
  QueryPlan query = MakeQuery("v", {1}, {0}, velocity);
  query.where = Where(FlinkStream(), "key != 'W'");
  return MakePlan(FlinkStream(), {query});
}

// By seq, how many of the thresholds 0 … `most` − 1 an event exceeds.
template <typename MakeFn>
std::map<int, int> Exceeded(const std::string& input, int most, MakeFn make) {
  std::map<int, int> exceeded;
  for (int threshold = 0; threshold < most; ++threshold) {
    for (const int seq : Flagged(PlanOf(make(threshold)), input)) ++exceeded[seq];
  }
  return exceeded;
}

}  // namespace

TEST_SUITE_BEGIN("tests/operators/flink_velocity");

// The value is Flink's column a; its column b only tells the events apart, as seq does here. In
// Flink an event of an OVER window is late when its key has fired at its time; for us, when its
// time is below the watermark: W 9999 stands for Flink's W 10000, as the collection says.
TEST_CASE("V36: counts and sums over the preceding second, both ends included") {
  const std::string script = R"(
E 1500 Hello 1
E 1600 Hello 1
E 1000 Hello 1
E 2000 Hello 2
W 1000
E 2000 Hello 2
E 2000 Hello 2
E 3000 Hello 3
W 2000
E 4000 Hello 4
W 3000
E 5000 Hello 5
W 5000
E 6000 Hello 6
E 6500 Hello 6
W 7000
E 9000 Hello 6
E 9500 Hello 6
E 9000 Hello 6
W 9999
E 10000 HelloWorld 7
E 11000 HelloWorld 7
E 11000 HelloWorld 7
W 12000
E 14000 HelloWorld 7
W 14000
E 15000 HelloWorld 8
W 17000
E 20000 HelloWorld 20
W 19000
)";
  const std::string input = FlinkInput(script);
  const std::map<int, int> counts = {{0, 2},  {1, 3},  {2, 1},  {3, 6},  {5, 6},  {6, 6},  {7, 4},
                                     {9, 2},  {11, 2}, {13, 2}, {14, 2}, {16, 2}, {17, 3}, {18, 2},
                                     {20, 1}, {21, 3}, {22, 3}, {24, 1}, {26, 2}, {28, 1}};
  const std::map<int, int> sums = {{0, 2},   {1, 3},   {2, 1},   {3, 9},   {5, 9},
                                   {6, 9},   {7, 9},   {9, 7},   {11, 9},  {13, 11},
                                   {14, 12}, {16, 12}, {17, 18}, {18, 12}, {20, 7},
                                   {21, 21}, {22, 21}, {24, 7},  {26, 15}, {28, 20}};
  CHECK(Exceeded(input, 8, [](int n) { return CountOver(Seconds(1), n); }) == counts);
  CHECK(Exceeded(input, 25, [](int x) { return SumOver(Seconds(1), x); }) == sums);
}

// Of Kafka's windows, those that end at an event are its trailing windows.
TEST_CASE("V37: a trailing window includes both its ends") {
  const std::string input = FlinkInput("E 8000 A 1\nE 9200 A 2\nE 12400 A 3\n");
  const std::map<int, int> counts = {{0, 1}, {1, 2}, {2, 3}};
  CHECK(Exceeded(input, 5, [](int n) { return CountOver(Seconds(5), n); }) == counts);
  // 4.4 s before 12400 is 8000: a nanosecond less no longer reaches it.
  const std::map<int, int> shorter = {{0, 1}, {1, 2}, {2, 2}};
  CHECK(Exceeded(input, 5, [](int n) { return CountOver(Nanos(4'399'999'999), n); }) == shorter);
}

TEST_CASE("V38: more than three in ten flags exactly three events") {
  const std::string input =
      FlinkInput("E 10 A 1\nE 10 A 2\nE 14 A 3\nE 15 A 4\nE 20 A 5\nE 22 A 6\nE 30 A 7\n");
  CHECK(Flagged(PlanOf(CountOver(Millis(10), 3)), input) == std::multiset<int>{3, 4, 5});
  const std::string lines = RunBoth(PlanOf(CountOver(Millis(10), 3)), input).results;
  CHECK(lines.find(
            "\"event_seq\":3,\"time\":\"1970-01-01T00:00:00.015Z\",\"key\":\"A\",\"count\":4,") !=
        std::string::npos);
  CHECK(lines.find(
            "\"event_seq\":4,\"time\":\"1970-01-01T00:00:00.020Z\",\"key\":\"A\",\"count\":5,") !=
        std::string::npos);
  CHECK(lines.find(
            "\"event_seq\":5,\"time\":\"1970-01-01T00:00:00.022Z\",\"key\":\"A\",\"count\":4,") !=
        std::string::npos);
}

TEST_SUITE_END();

}  // namespace onrush
