#include "core/int128.h"

#include <cmath>
#include <limits>
#include <random>
#include <string>

#include "doctest/doctest.h"

namespace onrush {
namespace {

std::string Decimal(Int128 value, int scale) {
  std::string text;
  AppendDecimal(value, scale, text);
  return text;
}

TEST_SUITE_BEGIN("core/int128");

TEST_CASE("integers of every size are written in full") {
  CHECK(Decimal(0, 0) == "0");
  CHECK(Decimal(-7, 0) == "-7");
  CHECK(Decimal(INT64_MIN, 0) == "-9223372036854775808");
  CHECK(Decimal(Int128{INT64_MAX} * 10, 0) == "92233720368547758070");
  CHECK(Decimal(Int128{1} << 126, 0) == "85070591730234615865843651857942052864");
  const Int128 lowest = -(Int128{1} << 126) * 2;
  CHECK(Decimal(lowest, 0) == "-170141183460469231731687303715884105728");
}

TEST_CASE("decimals have exactly their digits") {
  CHECK(Decimal(0, 2) == "0.00");
  CHECK(Decimal(5, 2) == "0.05");
  CHECK(Decimal(-5, 3) == "-0.005");
  CHECK(Decimal(12050, 2) == "120.50");
  CHECK(Decimal(1, 18) == "0.000000000000000001");
  CHECK(Decimal(Int128{INT64_MAX} * 1000, 2) == "92233720368547758070.00");
}

TEST_CASE("division by small powers agrees with the processor's") {
  // Both operands are exact doubles, so that the processor's quotient is rounded once, too.
  std::mt19937_64 random(1);
  for (int i = 0; i < 100'000; ++i) {
    const auto numerator = static_cast<int64_t>(random()) >> (11 + random() % 50);
    const auto denominator = static_cast<int64_t>((random() >> (12 + random() % 50)) + 1);
    CAPTURE(numerator);
    CAPTURE(denominator);
    REQUIRE(DivideRounded(numerator, denominator, 0) ==
            static_cast<double>(numerator) / static_cast<double>(denominator));
  }
}

TEST_CASE("division rounds once, ties to even") {
  CHECK(DivideRounded(0, 3, 2) == 0.0);
  CHECK(DivideRounded(1, 1, 1) == 0.1);
  CHECK(DivideRounded(-5, 2, 0) == -2.5);
  CHECK(DivideRounded((Int128{1} << 53) + 1, 1, 0) == std::ldexp(1.0, 53));      // tie, down
  CHECK(DivideRounded((Int128{1} << 53) + 3, 1, 0) == std::ldexp(1.0, 53) + 4);  // tie, up
  // Just over the tie: rounding to 64 bits first and then to 53 would lose it.
  CHECK(DivideRounded(((Int128{1} << 117) + (Int128{1} << 64)) + 1, 1, 0) ==
        std::ldexp(1.0, 117) + std::ldexp(1.0, 65));
  CHECK(DivideRounded(Int128{1} << 126, 1, 18) == std::ldexp(1.0, 126) / 1e18);
  CHECK(DivideRounded(1, INT64_MAX, 18) == doctest::Approx(1.0 / 9.223372036854775807e36));
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
