#include "operators/sum_run.h"

#include <random>
#include <vector>

#include "core/processor.h"
#include "doctest/doctest.h"

namespace onrush {
namespace {

// Values of at most `bits` bits and a sign.
std::vector<int64_t> Values(std::mt19937_64& random, int bits) {
  std::vector<int64_t> values(random() % (3 * kSumsAtOnce));
  for (int64_t& value : values) {
    value = static_cast<int64_t>(random() >> (64 - bits));
    if (random() % 2 == 0) value = -value - 1;
  }
  return values;
}

TEST_SUITE("operators/sum_run") {
  TEST_CASE("sums are exact, however large the values") {
    std::mt19937_64 random(1);
    for (int round = 0; round < 500; ++round) {
      std::vector<int64_t> values = Values(random, 1 + static_cast<int>(random() % 63));
      if (!values.empty() && round % 3 == 0) values[random() % values.size()] = INT64_MIN;
      Int128 sum = 0;
      for (const int64_t value : values) sum += value;
      REQUIRE(SumOf(values.data(), values.size()) == sum);
    }
    const std::vector<int64_t> most(2'000, INT64_MAX), least(2'000, INT64_MIN);
    CHECK(SumOf(most.data(), most.size()) == Int128{INT64_MAX} * 2'000);
    CHECK(SumOf(least.data(), least.size()) == Int128{INT64_MIN} * 2'000);
  }

  TEST_CASE("every way sums up what fits and tells what may not") {
    std::mt19937_64 random(2);
    std::vector<SumSome> ways = {SumSomePortable};
    if (HasAvx2()) ways.push_back(SumSomeAvx2);
    constexpr int64_t kBound = int64_t{1} << 53;
    for (int round = 0; round < 500; ++round) {
      std::vector<int64_t> values = Values(random, 53);
      values.resize(std::min(values.size(), kSumsAtOnce));
      int64_t sum = 0;
      for (const int64_t value : values) sum += value;
      for (const SumSome way : ways) {
        bool beyond = true;
        REQUIRE(way(values.data(), values.size(), beyond) == sum);
        REQUIRE(!beyond);
        if (values.empty()) continue;
        std::vector<int64_t> wide = values;
        wide[random() % wide.size()] = random() % 2 == 0 ? kBound : -kBound - 1;
        way(wide.data(), wide.size(), beyond);
        REQUIRE(beyond);
      }
    }
  }
}

}  // namespace
}  // namespace onrush
