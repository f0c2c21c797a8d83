#include "core/block/widen_steps.h"

#include <cstring>
#include <random>
#include <vector>

#include "core/processor.h"
#include "doctest/doctest.h"

namespace onrush {

TEST_SUITE_BEGIN("core/block/widen_steps");

TEST_CASE("every way gives base and unit times step, for all widths, counts and addresses") {
  std::mt19937_64 random(1);
  std::vector<decltype(&WidenSteps)> ways = {WidenSteps, WidenStepsPortable};
  if (HasAvx2()) ways.push_back(WidenStepsAvx2);
  for (const uint64_t unit : {uint64_t{1}, uint64_t{1'000'000}, uint64_t{UINT32_MAX},
                              uint64_t{UINT32_MAX} + 1, uint64_t{UINT64_MAX}}) {
    for (const uint8_t width : {1, 2, 4, 8}) {
      for (size_t count = 0; count < 70; ++count) {
        const auto base = static_cast<int64_t>(random());
        const size_t shift = random() % 8;
        std::vector<char> steps(shift + width * count);
        for (char& byte : steps) byte = static_cast<char>(random() % 3 == 0 ? 0xFF : random());
        std::vector<int64_t> expected(count);
        for (size_t i = 0; i < count; ++i) {
          uint64_t step = 0;
          std::memcpy(&step, steps.data() + shift + i * width, width);
          expected[i] = static_cast<int64_t>(static_cast<uint64_t>(base) + unit * step);
        }
        for (const auto way : ways) {
          std::vector<int64_t> found(count);
          way(steps.data() + shift, width, count, base, unit, found.data());
          REQUIRE(found == expected);
        }
      }
    }
  }
}

TEST_SUITE_END();

}  // namespace onrush
