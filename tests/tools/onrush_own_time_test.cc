#include <chrono>
#include <thread>

#include "doctest/doctest.h"
#include "tools/onrush/serve/own_time.h"

namespace onrush {

TEST_SUITE_BEGIN("tools/onrush/serve/own_time");

TEST_CASE("one block of one datagram in so many is timed, whatever others come between") {
  Histogram own;
  OwnTimeSampler sampler(own);
  for (uint64_t i = 0; i < 3 * OwnTimeSampler::kOneIn; ++i) {
    sampler.Begin(1);
    sampler.End(10);
    sampler.Begin(2);
    sampler.End(1'000);
  }
  CHECK(own.count() == 3);
  CHECK(own.max() == 10);
}

TEST_CASE("what a block took is no more than what the thread ran") {
  constexpr uint64_t kHourNs = uint64_t{3600} * 1'000'000'000;
  Histogram own;
  OwnTimeSampler sampler(own);
  for (uint64_t i = 0; i < OwnTimeSampler::kOneIn; ++i) {
    sampler.Begin(1);
    sampler.End(kHourNs);
  }
  CHECK(own.count() == 1);
  CHECK(own.max() < kHourNs);
}

TEST_CASE("a thread that waited by itself was not stalled") {
  Histogram own;
  OwnTimeSampler sampler(own);
  for (uint64_t i = 0; i < OwnTimeSampler::kOneIn; ++i) {
    sampler.Begin(1);
    if (i + 1 == OwnTimeSampler::kOneIn) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    sampler.End(2'000'000);
  }
  CHECK(own.max() == 2'000'000);
}

TEST_SUITE_END();

}  // namespace onrush
