#include "core/runtime/time_scan.h"

#include <random>
#include <vector>

#include "doctest/doctest.h"

namespace onrush {

TEST_SUITE_BEGIN("core/runtime/time_scan");

TEST_CASE("every way finds the first few of which one lies beyond the bound") {
  std::mt19937_64 random(1);
  std::vector<TimeScan> ways = {kPortableTimeScan};
  if (Avx2TimeScan() != nullptr) ways.push_back(*Avx2TimeScan());
  for (int round = 0; round < 2'000; ++round) {
    std::vector<int64_t> times(random() % 100);
    for (int64_t& time : times) time = static_cast<int64_t>(random() % 1000) - 500;
    for (int i = 0; i < 2 && !times.empty(); ++i) {
      times[random() % times.size()] = random() % 2 == 0 ? INT64_MIN : INT64_MAX;
    }
    for (const int64_t bound :
         {int64_t{-501}, int64_t{500}, int64_t{-490}, int64_t{490}, INT64_MIN, INT64_MAX}) {
      size_t after = 0, before = 0;
      while (after < times.size() && times[after] <= bound) ++after;
      while (before < times.size() && times[before] >= bound) ++before;
      for (const TimeScan& way : ways) {
        REQUIRE(way.not_after(times.data(), times.size(), bound) ==
                after / kTimesAtOnce * kTimesAtOnce);
        REQUIRE(way.not_before(times.data(), times.size(), bound) ==
                before / kTimesAtOnce * kTimesAtOnce);
      }
      REQUIRE(CountNotAfter(times.data(), times.size(), bound) == after);
      REQUIRE(AnyBefore(times.data(), times.size(), bound) == (before < times.size()));
    }
  }
}

TEST_SUITE_END();

}  // namespace onrush
