#include "core/rational.h"

#include <limits>

#include "doctest/doctest.h"

namespace onrush {
namespace {

constexpr Int128 kHuge = Int128{1} << 126;
constexpr Int128 kMin = -kHuge - kHuge;

bool Same(const std::optional<Rational>& value, Int128 numerator, Int128 denominator) {
  return value && Compare(*value, {numerator, denominator}) == 0;
}

TEST_SUITE("core/rational") {
  TEST_CASE("arithmetic is that of fractions") {
    CHECK(Same(Add({1, 2}, {1, 3}), 5, 6));
    CHECK(Same(Subtract({1, 2}, {1, 3}), 1, 6));
    CHECK(Same(Multiply({-2, 3}, {9, 4}), -3, 2));
    CHECK(Same(Divide({1, 2}, {-3, 4}), -2, 3));
    CHECK(Same(Divide({0, 2}, {-3, 4}), 0, 1));
  }

  TEST_CASE("common factors go before anything is called too large") {
    CHECK(Same(Add({kHuge, kHuge / 2}, {kHuge, kHuge / 4}), 6, 1));
    CHECK(Same(Multiply({kHuge, 3}, {3, kHuge}), 1, 1));
    CHECK(Same(Multiply({kHuge, kHuge / 2}, {kHuge, kHuge / 2}), 4, 1));
    CHECK(Same(Divide({kHuge, 7}, {kHuge, 5}), 5, 7));
    CHECK(Same(Add({1, kHuge}, {1, kHuge}), 2, kHuge));
  }

  TEST_CASE("what leaves 128 bits is nothing") {
    CHECK(!Add({kHuge, 1}, {kHuge, 1}));
    CHECK(!Multiply({kHuge, 1}, {3, 1}));
    CHECK(!Multiply({1, kHuge}, {1, 3}));
    CHECK(!Divide({kHuge, 1}, {1, 3}));
    CHECK(!Subtract({kHuge, 1}, {-kHuge, 1}));
    CHECK(!Subtract({0, 1}, {kMin, 1}));
    CHECK(!Divide({1, 1}, {kMin, 1}));
  }

  TEST_CASE("comparing never overflows") {
    CHECK(Compare({1, 3}, {1, 2}) < 0);
    CHECK(Compare({-1, 3}, {-1, 2}) > 0);
    CHECK(Compare({2, 6}, {1, 3}) == 0);
    CHECK(Compare({0, 6}, {0, 3}) == 0);
    CHECK(Compare({kHuge, kHuge - 1}, {kHuge - 1, kHuge - 2}) < 0);
    CHECK(Compare({-kHuge, kHuge - 1}, {-kHuge + 1, kHuge - 2}) > 0);
    CHECK(Compare({kHuge, 3}, {kHuge, 3}) == 0);
    CHECK(Compare({kMin, 3}, {kHuge, 1}) < 0);
    CHECK(Compare({kMin, 1}, {kMin + 1, 1}) < 0);
  }

  TEST_CASE("a fraction in units of a power of ten is an integer or nothing") {
    CHECK(ToScaled({5, 4}, 2) == std::optional<Int128>(125));
    CHECK(ToScaled({-10, 4}, 1) == std::optional<Int128>(-25));
    CHECK(ToScaled({0, 7}, 0) == std::optional<Int128>(0));
    CHECK(!ToScaled({1, 3}, 18));
    CHECK(!ToScaled({5, 4}, 1));
    CHECK(!ToScaled({kHuge, 1}, 18));
  }

  TEST_CASE("lowest terms keep the sign above") {
    const Rational reduced = Reduced({-6, 4});
    CHECK(reduced.numerator == -3);
    CHECK(reduced.denominator == 2);
    CHECK(Reduced({0, 9}).denominator == 1);
    CHECK(Reduced({kMin, kHuge}).numerator == -2);
  }
}

}  // namespace
}  // namespace onrush
