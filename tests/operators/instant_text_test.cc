#include "operators/instant_text.h"

#include <random>

#include "doctest/doctest.h"

namespace onrush {
namespace {

TEST_SUITE_BEGIN("operators/instant_text");

TEST_CASE("it writes what AppendInstant writes, whatever came before") {
  std::mt19937_64 random(7);
  InstantText instants;
  for (const int64_t around : {int64_t{0}, kMinEventTime.ns / 2, kMaxEventTime.ns / 2}) {
    for (int i = 0; i < 2'000; ++i) {
      const int64_t unit = i % 3 == 0 ? 1 : i % 3 == 1 ? 1'000 : 50'000'000;
      const WideTime time =
          (around / unit + static_cast<int64_t>(random() % 10'000) - 5'000) * unit;
      REQUIRE(instants.Format(time) == FormatInstant(time));
    }
  }
  for (const WideTime time : {WideTime{kMinEventTime.ns} * 2, WideTime{kMaxEventTime.ns} * 2}) {
    CHECK(instants.Format(time) == FormatInstant(time));
  }
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
