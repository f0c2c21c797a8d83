#include "core/runtime/time_scan.h"

#include <algorithm>
#include <random>
#include <vector>

#include "doctest/doctest.h"

namespace onrush {

namespace {

std::vector<TimeScan> Ways() {
  std::vector<TimeScan> ways = {kPortableTimeScan};
  if (Avx2TimeScan() != nullptr) ways.push_back(*Avx2TimeScan());
  return ways;
}

// Some, with the ends of time among them.
std::vector<int64_t> Times(std::mt19937_64& random) {
  std::vector<int64_t> times(random() % 100);
  for (int64_t& time : times) time = static_cast<int64_t>(random() % 1000) - 500;
  for (int i = 0; i < 2 && !times.empty(); ++i) {
    times[random() % times.size()] = random() % 2 == 0 ? INT64_MIN : INT64_MAX;
  }
  return times;
}

}  // namespace

TEST_SUITE_BEGIN("core/runtime/time_scan");

TEST_CASE("every way finds the times after the bound") {
  std::mt19937_64 random(1);
  for (int round = 0; round < 2'000; ++round) {
    const std::vector<int64_t> times = Times(random);
    const size_t count = std::min(times.size(), kTimesAtOnce);
    for (const int64_t bound :
         {int64_t{-501}, int64_t{500}, int64_t{-490}, int64_t{490}, INT64_MIN, INT64_MAX}) {
      uint64_t after = 0;
      for (size_t i = 0; i < count; ++i) {
        if (times[i] > bound) after += uint64_t{1} << i;
      }
      for (const TimeScan& way : Ways()) {
        REQUIRE(way.after(times.data(), count, bound) == after);
      }
      REQUIRE(TimesAfter(times.data(), count, bound) == after);
    }
  }
}

TEST_CASE("every way finds the earliest") {
  std::mt19937_64 random(2);
  for (int round = 0; round < 2'000; ++round) {
    const std::vector<int64_t> times = Times(random);
    const int64_t earliest = times.empty() ? INT64_MAX : *std::ranges::min_element(times);
    for (const TimeScan& way : Ways()) {
      REQUIRE(way.earliest(times.data(), times.size()) == earliest);
    }
    REQUIRE(EarliestOf(times.data(), times.size()) == earliest);
  }
}

TEST_SUITE_END();

}  // namespace onrush
