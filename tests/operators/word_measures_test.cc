#include "operators/word_measures.h"

#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include "doctest/doctest.h"
#include "tests/support/plan_maker.h"

namespace onrush {
namespace {

constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
constexpr int64_t kMost = std::numeric_limits<int64_t>::max();

StreamPlan AmountStream() {
  return MakeStream("s", TimeFormat::Kind::kUnixSeconds, Seconds(0),
                    {{"ts", kTimestampType}, {"amount", DecimalType(2)}});
}

// A batch of one event.
class OneEvent {
 public:
  OneEvent() : batch_(AmountStream(), 0, 1) { batch_.size = 1; }

  const EventBatch& Of(int64_t amount) {
    batch_.columns[1].nulls[0] = 0;
    batch_.columns[1].ints[0] = amount;
    return batch_;
  }
  const EventBatch& OfNull() {
    batch_.columns[1].nulls[0] = 1;
    return batch_;
  }

 private:
  EventBatch batch_;
};

// The sum of one id.
class Sum {
 public:
  explicit Sum(WordSum& sums, uint32_t id) : sums_(sums), id_(id) {}

  void Add(const EventBatch& batch) { sums_.Add(word_, id_, sums_.InputOf(batch), 0); }
  void Combine(const Accumulators& column) { sums_.Combine(word_, id_, column, 0); }
  std::string Json() const {
    std::string text;
    sums_.AppendJson(word_, id_, text);
    return text;
  }

 private:
  WordSum& sums_;
  uint32_t id_;
  int64_t word_ = 0;
};

TEST_SUITE_BEGIN("operators/word_measures");

TEST_CASE("a sum of no values is null, one of values that cancel out is 0") {
  OneEvent event;
  WordSum sums(1, 2);
  Sum sum(sums, 0);
  CHECK(sum.Json() == "null");
  sum.Add(event.OfNull());
  CHECK(sum.Json() == "null");
  sum.Add(event.Of(150));
  CHECK(sum.Json() == "1.50");
  sum.Add(event.Of(-150));
  CHECK(sum.Json() == "0.00");
  sum.Add(event.OfNull());
  CHECK(sum.Json() == "0.00");
}

TEST_CASE("sums are exact far beyond a word, and of one id only") {
  OneEvent event;
  WordSum sums(1, 2);
  Sum up(sums, 0), down(sums, 1), small(sums, 2);
  small.Add(event.Of(7));
  for (int i = 0; i < 4; ++i) {
    up.Add(event.Of(kMost));
    down.Add(event.Of(kLeast));
  }
  CHECK(up.Json() == "368934881474191032.28");
  CHECK(down.Json() == "-368934881474191032.32");
  CHECK(small.Json() == "0.07");
  for (int i = 0; i < 4; ++i) up.Add(event.Of(-kMost));
  CHECK(up.Json() == "0.00");
}

TEST_CASE("sums of numbers of any size are those of 128-bit integers") {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    OneEvent event;
    WordSum sums(1, 2);
    Sum sum(sums, 0);
    Int128 expected = 0;
    for (int step = 0; step < 200; ++step) {
      const auto amount = static_cast<int64_t>(random()) >> random() % 64;
      sum.Add(event.Of(amount));
      expected += amount;
      std::string text;
      AppendDecimal(expected, 2, text);
      REQUIRE(sum.Json() == text);
    }
  }
}

TEST_CASE("what was counted elsewhere is taken over, nothing as nothing") {
  OneEvent event;
  const StreamPlan stream = AmountStream();
  const uint32_t first = 0;
  const auto column = MakeAccumulators(stream, {MeasurePlan::Kind::kSum, 1, "sum"});
  column->Resize(1);
  WordSum sums(1, 2);
  Sum sum(sums, 0);
  sum.Combine(*column);
  CHECK(sum.Json() == "null");
  for (int i = 0; i < 3; ++i) column->Add(event.Of(kMost), {&first, 1}, &first);
  sum.Combine(*column);
  sum.Add(event.Of(1));
  CHECK(sum.Json() == "276701161105643274.22");

  const auto counts = MakeAccumulators(stream, Count());
  counts->Resize(1);
  WordCount count;
  int64_t word = 0;
  count.Combine(word, 0, *counts, 0);
  count.Add(word, 0, {}, 0);
  counts->Add(event.OfNull(), {&first, 1}, &first);
  count.Combine(word, 0, *counts, 0);
  std::string text;
  count.AppendJson(word, 0, text);
  CHECK(text == "2");
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
