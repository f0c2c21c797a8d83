#include "core/metrics/histogram.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <thread>
#include <vector>

#include "doctest/doctest.h"

namespace onrush {
namespace {

constexpr double kShares[] = {0, 0.001, 0.5, 0.9, 0.99, 0.999, 0.9999, 1};

// As many small as large ones, by order of magnitude: 1 ns to 130 s, with a few repeated.
std::vector<uint64_t> SomeValues(unsigned seed, size_t count) {
  std::mt19937_64 random(seed);
  std::vector<uint64_t> values;
  for (size_t i = 0; i < count; ++i) {
    const uint64_t value = random() >> (27 + random() % 37);
    values.insert(values.end(), 1 + (random() % 8 == 0 ? 3 : 0), value);
  }
  return values;
}

uint64_t ExactPercentile(const std::vector<uint64_t>& sorted, double share) {
  const auto rank = static_cast<size_t>(std::ceil(share * static_cast<double>(sorted.size())));
  return sorted[std::max<size_t>(rank, 1) - 1];
}

// Not less than `exact` and at most 1/32 more.
void CheckClose(uint64_t found, uint64_t exact) {
  CAPTURE(exact);
  CHECK(found >= exact);
  CHECK(found - exact <= exact / 32);
}

void CheckAgrees(const Histogram& histogram, std::vector<uint64_t> values) {
  std::sort(values.begin(), values.end());
  uint64_t sum = 0;
  for (const uint64_t value : values) sum += value;
  CHECK(histogram.count() == values.size());
  CHECK(histogram.sum() == sum);
  CHECK(histogram.max() == values.back());
  for (const double share : kShares) {
    CAPTURE(share);
    CheckClose(histogram.Percentile(share), ExactPercentile(values, share));
  }
  CHECK(histogram.Percentile(1) == values.back());
}

TEST_SUITE_BEGIN("core/metrics/histogram");

TEST_CASE("percentiles are those of the sorted values, at most 1/32 too high") {
  for (const size_t count : {1, 2, 100, 20'000}) {
    for (unsigned seed = 0; seed < 5; ++seed) {
      CAPTURE(count);
      CAPTURE(seed);
      const std::vector<uint64_t> values = SomeValues(seed, count);
      Histogram histogram;
      for (const uint64_t value : values) histogram.Add(value);
      CheckAgrees(histogram, values);
    }
  }
}

TEST_CASE("around every power of two a value lands where it should") {
  for (int power = 0; power < 40; ++power) {
    for (const int64_t offset : {-1, 0, 1}) {
      const uint64_t value = (uint64_t{1} << power) + static_cast<uint64_t>(offset);
      CAPTURE(value);
      Histogram histogram;
      histogram.Add(value);
      histogram.Add(Histogram::kHighestValue);
      CheckClose(histogram.Percentile(0.5), value);
      CHECK(histogram.CountUpTo(value) == (value == Histogram::kHighestValue ? 2 : 1));
      // The bucket below ends before 1/16 below the value.
      if (value > 0) CHECK(histogram.CountUpTo(value - 1 - value / 16) == 0);
    }
  }
}

TEST_CASE("counts up to a bound are exact below 64 and before powers of two") {
  const std::vector<uint64_t> values = SomeValues(7, 20'000);
  Histogram histogram;
  for (const uint64_t value : values) histogram.Add(value);
  std::vector<uint64_t> bounds;
  for (uint64_t bound = 0; bound < 64; ++bound) bounds.push_back(bound);
  for (int power = 6; power < 40; ++power) bounds.push_back((uint64_t{1} << power) - 1);
  for (const uint64_t bound : bounds) {
    CAPTURE(bound);
    const auto exact =
        std::count_if(values.begin(), values.end(), [&](uint64_t value) { return value <= bound; });
    CHECK(histogram.CountUpTo(bound) == static_cast<uint64_t>(exact));
  }
}

TEST_CASE("counts up to any bound are between those of the bound and of 1/32 more") {
  const std::vector<uint64_t> values = SomeValues(8, 20'000);
  Histogram histogram;
  for (const uint64_t value : values) histogram.Add(value);
  for (const uint64_t bound : {1'000u, 50'000u, 1'000'000u, 2'500'000u, 1'000'000'000u}) {
    CAPTURE(bound);
    uint64_t least = 0, most = 0;
    for (const uint64_t value : values) {
      least += value <= bound;
      most += value <= bound + bound / 32;
    }
    CHECK(histogram.CountUpTo(bound) >= least);
    CHECK(histogram.CountUpTo(bound) <= most);
  }
}

TEST_CASE("merged histograms are the histogram of all values") {
  std::vector<uint64_t> all;
  Histogram merged;
  for (const unsigned seed : {1, 2, 3}) {
    Histogram part;
    for (const uint64_t value : SomeValues(seed, 3'000)) {
      part.Add(value);
      all.push_back(value);
    }
    merged.Merge(part);
  }
  CheckAgrees(merged, all);
}

TEST_CASE("what is beyond the range keeps its sum and maximum") {
  Histogram histogram;
  const uint64_t hour = 3'600'000'000'000;
  histogram.Add(hour);
  histogram.Add(5);
  CHECK(histogram.count() == 2);
  CHECK(histogram.sum() == hour + 5);
  CHECK(histogram.Percentile(1) == hour);
  CHECK(histogram.Percentile(0.5) == 5);
}

TEST_CASE("a sum goes on beyond 64 bits") {
  Histogram histogram;
  for (int i = 0; i < 3; ++i) histogram.Add(UINT64_MAX);
  histogram.Add(5);
  Histogram copy;
  copy.Merge(histogram);
  for (const Histogram* one : {&histogram, &copy}) {
    CHECK(one->sum() == 3 * Int128{UINT64_MAX} + 5);
    CHECK(one->count() == 4);
  }
}

TEST_CASE("an empty histogram says 0 to everything") {
  const Histogram histogram;
  CHECK(histogram.count() == 0);
  CHECK(histogram.sum() == 0);
  CHECK(histogram.max() == 0);
  CHECK(histogram.Percentile(0.99) == 0);
  CHECK(histogram.CountUpTo(1'000'000'000) == 0);
}

TEST_CASE("a reader sees counts that only grow, and all of them in the end") {
  constexpr uint64_t kValues = 300'000;
  Histogram histogram;
  std::thread writer([&] {
    for (uint64_t i = 0; i < kValues; ++i) histogram.Add(i % 1'000);
  });
  uint64_t before = 0, wrong = 0;
  while (before < kValues) {
    const uint64_t count = histogram.count();
    wrong += count < before || histogram.Percentile(0.9) > 1'023;
    before = count;
  }
  writer.join();
  CHECK(wrong == 0);
  CHECK(histogram.count() == kValues);
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
