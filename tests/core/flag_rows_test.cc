#include "core/flag_rows.h"

#include <random>
#include <vector>

#include "doctest/doctest.h"

namespace onrush {

TEST_SUITE_BEGIN("core/flag_rows");

TEST_CASE("flags are counted and listed, however many are set, wherever they begin") {
  std::mt19937_64 random(1);
  for (int round = 0; round < 2'000; ++round) {
    // Most flags of a stretch are alike, in some rounds all of them.
    const uint64_t unlike = random() % 3 == 0 ? 0 : 1 + random() % 60;
    const size_t count = random() % (round < 20 ? 5'000 : 100), begin = random() % 9;
    std::vector<uint8_t> flags(begin + count);
    uint8_t usual = random() % 2;
    for (uint8_t& flag : flags) {
      if (random() % 40 == 0) usual ^= 1;
      flag = usual ^ static_cast<uint8_t>(random() % 64 < unlike);
    }
    std::vector<uint32_t> expected, rows(count);
    for (size_t i = 0; i < count; ++i) {
      if (flags[begin + i] != 0) expected.push_back(static_cast<uint32_t>(i));
    }
    CHECK(CountFlags(flags.data() + begin, count) == expected.size());
    rows.resize(RowsOfFlags(flags.data() + begin, count, rows.data()));
    CHECK(rows == expected);
  }
}

TEST_SUITE_END();

}  // namespace onrush
