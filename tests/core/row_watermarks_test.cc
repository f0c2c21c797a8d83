#include "core/row_watermarks.h"

#include <random>
#include <vector>

#include "doctest/doctest.h"

namespace onrush {
namespace {

TEST_SUITE("core/row_watermarks") {
  TEST_CASE("every row sees the watermark as it was before it") {
    std::mt19937_64 random(1);
    RowWatermarks watermarks;
    for (int round = 0; round < 200; ++round) {
      const auto rows = static_cast<uint32_t>(random() % 100);
      EventTime now{static_cast<int64_t>(random() % 1000)};
      std::vector<EventTime> before;
      watermarks.Start(now, 100);
      for (uint32_t row = 0; row < rows; ++row) {
        before.push_back(now);
        const bool moves = random() % 4 == 0;
        if (moves) now = EventTime{now.ns + 1};
        watermarks.MoveIf(moves, row, now);
      }
      CHECK(watermarks.last() == now);
      RowWatermarks::Cursor each(watermarks), some(watermarks);
      for (uint32_t row = 0; row < rows; ++row) {
        REQUIRE(watermarks.Before(row) == before[row]);
        REQUIRE(each.Before(row) == before[row]);
        if (random() % 3 == 0) REQUIRE(some.Before(row) == before[row]);
      }
    }
  }
}

}  // namespace
}  // namespace onrush
