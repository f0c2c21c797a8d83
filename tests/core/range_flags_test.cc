#include "core/range_flags.h"

#include <random>
#include <utility>
#include <vector>

#include "core/processor.h"
#include "doctest/doctest.h"

namespace onrush {
namespace {

TEST_SUITE("core/range_flags") {
  TEST_CASE("every way flags what lies in a range and is no null") {
    std::mt19937_64 random(1);
    std::vector ways = {FlagRange, FlagRangePortable};
    if (HasAvx2()) ways.push_back(FlagRangeAvx2);
    const auto number = [&random] {
      const int64_t ends[] = {INT64_MIN, INT64_MAX};
      return random() % 8 == 0 ? ends[random() % 2] : static_cast<int64_t>(random() % 100) - 50;
    };
    for (int round = 0; round < 2'000; ++round) {
      const size_t count = random() % 100;
      std::vector<int64_t> values(count);
      std::vector<uint8_t> nulls(count), flags(count);
      for (int64_t& value : values) value = number();
      for (uint8_t& null : nulls) null = random() % 4 == 0;
      int64_t low = number(), high = number();
      if (low > high) std::swap(low, high);
      const bool outside = random() % 2 == 0;
      for (const auto way : ways) {
        way(values.data(), nulls.data(), count, low, high, outside, flags.data());
        for (size_t i = 0; i < count; ++i) {
          const bool inside = low <= values[i] && values[i] <= high;
          REQUIRE(flags[i] == (inside != outside && nulls[i] == 0));
        }
      }
    }
  }
}

}  // namespace
}  // namespace onrush
