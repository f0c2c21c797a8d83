#include "core/metrics/published.h"

#include <thread>

#include "doctest/doctest.h"

namespace onrush {
namespace {

struct Figures {
  uint64_t count = 0;
  uint64_t twice = 0;
};

TEST_SUITE_BEGIN("core/metrics/published");

TEST_CASE("what was stored last is loaded, zeros before") {
  Published<Figures> published;
  CHECK(published.Load().count == 0);
  published.Store({3, 6});
  CHECK(published.Load().count == 3);
  CHECK(published.Load().twice == 6);
}

TEST_CASE("another thread sees numbers that were stored, and never an older one after a newer") {
  Published<Figures> published;
  constexpr uint64_t kLast = 200'000;
  std::thread writer([&] {
    for (uint64_t i = 1; i <= kLast; ++i) published.Store({i, 2 * i});
  });
  uint64_t count = 0;
  while (count < kLast) {
    const Figures seen = published.Load();
    REQUIRE(seen.count >= count);
    REQUIRE(seen.twice % 2 == 0);
    count = seen.count;
  }
  writer.join();
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
