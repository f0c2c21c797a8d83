#include "operators/count_column.h"

#include <string>

#include "doctest/doctest.h"
#include "tests/support/plan_maker.h"

namespace onrush {
namespace {

TEST_SUITE_BEGIN("operators/count_column");

std::string JsonOf(const CountColumn& counts, size_t slot) {
  std::string text;
  CHECK(counts.AppendJson(slot, text));
  return text;
}

// A column with one slot that counted 2^doublings.
CountColumn Doubled(int doublings) {
  const StreamPlan stream =
      MakeStream("s", TimeFormat::Kind::kUnixSeconds, Seconds(0), {{"ts", kTimestampType}});
  EventBatch batch(stream, 0, 1);
  batch.size = 1;
  const uint32_t first = 0;
  CountColumn counts;
  counts.Resize(1);
  counts.Add(batch, std::span(&first, 1), &first);
  for (int i = 0; i < doublings; ++i) counts.Combine(0, counts, 0);
  return counts;
}

TEST_CASE("counts go on past 32 bits") {
  CountColumn counts = Doubled(31);
  CHECK(counts.bound() == uint64_t{1} << 31);
  const CountColumn one = Doubled(0);
  for (int i = 0; i < 2; ++i) {
    CHECK(counts.count(0) == uint64_t{1} << (31 + i));
    counts.Combine(0, counts, 0);
  }
  CHECK(counts.count(0) == uint64_t{1} << 33);
  counts.Combine(0, one, 0);
  CHECK(JsonOf(counts, 0) == "8589934593");
  RankValue value;
  CHECK(counts.Rank(0, value));
  CHECK(value.exact == 8589934593);
  CHECK(counts.bound() >= counts.count(0));
}

TEST_CASE("an event may be the one that does not fit") {
  CountColumn counts = Doubled(0);
  for (int i = 1; i < 32; ++i) counts.Combine(0, Doubled(i), 0);
  REQUIRE(counts.count(0) == UINT32_MAX);
  const StreamPlan stream =
      MakeStream("s", TimeFormat::Kind::kUnixSeconds, Seconds(0), {{"ts", kTimestampType}});
  EventBatch batch(stream, 0, 3);
  batch.size = 3;
  const uint32_t rows[] = {0, 1, 2};
  const uint32_t slots[] = {0, 1, 0};
  counts.Resize(2);
  counts.Add(batch, rows, slots);
  CHECK(counts.count(0) == uint64_t{UINT32_MAX} + 2);
  CHECK(counts.count(1) == 1);
  counts.AddRun(batch, rows, 1);
  CHECK(counts.count(1) == 4);
}

TEST_CASE("a slot that is emptied, or comes again, has counted nothing") {
  CountColumn counts = Doubled(40);
  SUBCASE("one slot") { counts.Reset(0); }
  SUBCASE("all") {
    counts.Resize(0);
    counts.Resize(1);
    CHECK(counts.bound() == 0);
  }
  CHECK(counts.count(0) == 0);
  RankValue value;
  CHECK_FALSE(counts.Rank(0, value));
  CHECK(JsonOf(counts, 0) == "0");
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
