#include "operators/sorted_times.h"

#include <algorithm>
#include <iterator>
#include <random>
#include <set>
#include <vector>

#include "doctest/doctest.h"

namespace onrush {
namespace {

TEST_SUITE_BEGIN("operators/sorted_times");

TEST_CASE("times up to one are counted, however many there are") {
  std::mt19937 random(3);
  for (size_t count = 0; count < 700; ++count) {
    std::vector<int64_t> times(count);
    for (int64_t& time : times) time = static_cast<int64_t>(random() % (1 + count / 2));
    std::ranges::sort(times);
    for (int64_t time = -1; time <= static_cast<int64_t>(count / 2) + 1; ++time) {
      const auto expected = std::ranges::upper_bound(times, time) - times.begin();
      REQUIRE(CountUpTo(times.data(), count, time) == static_cast<size_t>(expected));
    }
  }
}

TEST_CASE("it agrees with a multiset while times come, go and are cut off") {
  for (uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const int64_t spread = seed % 2 == 0 ? 50 : 5'000;  // many equal ones, or few
    SortedTimes times;
    std::multiset<int64_t> model;
    int64_t cut = -1;
    for (int64_t step = 0; step < 5'000; ++step) {
      const int64_t time = step / 2 + static_cast<int64_t>(random() % spread);
      if (random() % 3 == 0 && model.contains(time)) {
        times.Erase(time);
        model.erase(model.find(time));
      } else {
        times.Insert(time);
        model.insert(time);
      }
      if (step % 100 == 0) {
        cut = step / 2 - 1;
        times.DropUpTo(cut);
        model.erase(model.begin(), model.upper_bound(cut));
      }
      const int64_t asked = cut + static_cast<int64_t>(random() % (2 * spread));
      REQUIRE(times.CountAfter(asked) == std::distance(model.upper_bound(asked), model.end()));
    }
  }
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
