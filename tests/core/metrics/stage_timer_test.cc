#include "core/metrics/stage_timer.h"

#include <cstdint>
#include <vector>

#include "doctest/doctest.h"

namespace onrush {
namespace {

uint64_t allocations_so_far = 0;
uint64_t AllocationsSoFar() { return allocations_so_far; }

// Nanoseconds of all stages but kRingWait.
uint64_t OwnTime(const StageTimer& timer, size_t queries) {
  uint64_t ns = 0;
  for (size_t i = 0; i < kStageCount; ++i) {
    const Stage stage = static_cast<Stage>(i);
    if (stage == Stage::kRingWait) continue;
    for (size_t query = 0; query < (IsOfQuery(stage) ? queries : 1); ++query) {
      ns += timer.figures(stage, query).own.sum();
    }
  }
  return ns;
}

TEST_SUITE_BEGIN("core/metrics/stage_timer");

TEST_CASE("the parts add up to the whole, with and without stalls") {
  for (const bool find_stalls : {false, true}) {
    CAPTURE(find_stalls);
    StageTimer timer({.queries = 2, .find_stalls = find_stalls});
    timer.Begin();
    for (int i = 0; i < 1'000; ++i) {
      timer.Took(Stage::kDecode, 0, {10, 100});
      timer.Took(Stage::kProcess, i % 2, {5});
      timer.Took(Stage::kFire, 1, {});
    }
    timer.End();
    CHECK(OwnTime(timer, 2) + timer.stalls().sum() ==
          timer.ended().wall_ns - timer.began().wall_ns);
    CHECK(timer.calls() == 3'001);  // the end is one
    if (!find_stalls) CHECK(timer.stall_checks() == 0);
  }
}

TEST_CASE("each stage, and each query where it has its own, counts for itself") {
  StageTimer timer({.queries = 3});
  timer.Begin();
  timer.Took(Stage::kRead, 0, {0, 4'096});
  timer.Took(Stage::kDecode, 0, {10, 100});
  timer.Took(Stage::kDecode, 0, {20, 200});
  timer.Took(Stage::kProcess, 0, {1});
  timer.Took(Stage::kProcess, 2, {7});
  timer.Took(Stage::kFire, 2, {});
  timer.End();
  CHECK(timer.figures(Stage::kRead).bytes.value() == 4'096);
  CHECK(timer.figures(Stage::kDecode).own.count() == 2);
  CHECK(timer.figures(Stage::kDecode).events.value() == 30);
  CHECK(timer.figures(Stage::kDecode).bytes.value() == 300);
  CHECK(timer.figures(Stage::kProcess, 0).events.value() == 1);
  CHECK(timer.figures(Stage::kProcess, 1).own.count() == 0);
  CHECK(timer.figures(Stage::kProcess, 2).events.value() == 7);
  CHECK(timer.figures(Stage::kFire, 2).own.count() == 1);
  CHECK(timer.figures(Stage::kFire, 0).own.count() == 0);
  CHECK(timer.figures(Stage::kWait).own.count() == 1);
}

TEST_CASE("time in the ring is no time of the thread") {
  StageTimer timer({});
  timer.Begin();
  timer.TookFromRing(timer.began().wall_ns - 1'000'000);
  timer.End();
  const StageFigures& ring = timer.figures(Stage::kRingWait);
  CHECK(ring.own.count() == 1);
  CHECK(ring.own.sum() >= 1'000'000);
  CHECK(OwnTime(timer, 0) == timer.ended().wall_ns - timer.began().wall_ns);
}

TEST_CASE("allocations belong to the stage in which they are made") {
  allocations_so_far = 100;
  StageTimer timer({.queries = 1, .allocation_count = AllocationsSoFar});
  timer.Begin();
  allocations_so_far += 3;
  timer.Took(Stage::kDecode, 0, {});
  allocations_so_far += 4;
  timer.Took(Stage::kProcess, 0, {});
  timer.SetSteady(true);
  allocations_so_far += 5;
  timer.Took(Stage::kProcess, 0, {});
  timer.SetSteady(false);
  allocations_so_far += 6;
  timer.Took(Stage::kProcess, 0, {});
  timer.End();
  CHECK(timer.figures(Stage::kDecode).allocations.value() == 3);
  CHECK(timer.figures(Stage::kDecode).steady_allocations.value() == 0);
  CHECK(timer.figures(Stage::kProcess).allocations.value() == 15);
  CHECK(timer.figures(Stage::kProcess).steady_allocations.value() == 5);
  CHECK(timer.figures(Stage::kWait).allocations.value() == 0);
}

TEST_CASE("spans follow each other without gaps, and those beyond the limit are counted") {
  StageTimer timer({.queries = 2, .span_capacity = 3});
  timer.Begin();
  timer.Took(Stage::kRead, 0, {});
  timer.Took(Stage::kDecode, 0, {10});
  timer.Took(Stage::kProcess, 1, {9});
  timer.Took(Stage::kCollect, 0, {10});
  timer.End();
  const std::vector<StageSpan>& spans = timer.spans();
  REQUIRE(spans.size() == 3);
  CHECK(timer.spans_left_out() == 2);
  CHECK(spans[0].begin_ns == timer.began().wall_ns);
  CHECK(spans[1].begin_ns == spans[0].begin_ns + spans[0].took_ns);
  CHECK(spans[2].begin_ns == spans[1].begin_ns + spans[1].took_ns);
  CHECK(spans[2].stage == Stage::kProcess);
  CHECK(spans[2].query == 1);
  CHECK(spans[2].events == 9);
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
