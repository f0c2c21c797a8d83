#include "core/line_numbers.h"

#include <random>
#include <vector>

#include "doctest/doctest.h"

namespace onrush {

TEST_SUITE_BEGIN("core/line_numbers");

TEST_CASE("each row has the number that it was told, or the one after the row before") {
  std::mt19937_64 random(1);
  for (int round = 0; round < 300; ++round) {
    LineNumbers lines(100);
    std::vector<uint64_t> expected;
    for (size_t row = 0; row < 100; ++row) {
      const bool told = row == 0 || random() % 4 == 0;
      // Some of those that are told follow the row before.
      const uint64_t next = row == 0 ? 1 : expected.back() + 1;
      expected.push_back(told ? next + random() % 3 : next);
      if (told) lines.SetFrom(row, expected.back());
    }
    for (size_t row = 0; row < 100; ++row) REQUIRE(lines.Of(row) == expected[row]);

    const size_t changed = random() % 100;
    lines.SetFrom(changed, 7);
    for (size_t row = 0; row < changed; ++row) REQUIRE(lines.Of(row) == expected[row]);
    for (size_t row = changed; row < 100; ++row) REQUIRE(lines.Of(row) == 7 + row - changed);
  }
}

TEST_SUITE_END();

}  // namespace onrush
