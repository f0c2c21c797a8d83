#include "core/metrics/stall_meter.h"

#include <pthread.h>
#include <sched.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "doctest/doctest.h"

namespace onrush {
namespace {

// Keeps the calling thread, and those it starts, on the processor it runs on.
bool StayHere() {
  const int here = sched_getcpu();
  if (here < 0) return false;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(here, &set);
  return pthread_setaffinity_np(pthread_self(), sizeof(set), &set) == 0;
}

TEST_SUITE_BEGIN("core/metrics/stall_meter");

TEST_CASE("a stall is wall time without processor time") {
  StallMeter meter;
  meter.Restart({.wall_ns = 1'000, .cpu_ns = 500});
  CHECK(meter.StalledWithin(300, {.wall_ns = 1'300, .cpu_ns = 600}) == 200);
  // It starts anew each time.
  CHECK(meter.StalledWithin(100, {.wall_ns = 1'400, .cpu_ns = 700}) == 0);
}

TEST_CASE("no more is a stall than the time in question") {
  StallMeter meter;
  meter.Restart({.wall_ns = 1'000, .cpu_ns = 500});
  CHECK(meter.StalledWithin(50, {.wall_ns = 2'000, .cpu_ns = 600}) == 50);
}

TEST_CASE("clocks that differ a little make no stall") {
  StallMeter meter;
  meter.Restart({.wall_ns = 1'000, .cpu_ns = 500});
  CHECK(meter.StalledWithin(100, {.wall_ns = 1'100, .cpu_ns = 607}) == 0);
}

TEST_CASE("a thread that waited by itself was not stalled") {
  StallMeter meter;
  meter.Restart({.wall_ns = 1'000, .cpu_ns = 500, .switches_by_itself = 3});
  CHECK(meter.StalledWithin(300, {.wall_ns = 1'300, .cpu_ns = 500, .switches_by_itself = 4}) == 0);
  CHECK(meter.StalledWithin(300, {.wall_ns = 1'600, .cpu_ns = 500, .switches_by_itself = 4}) ==
        300);
}

TEST_CASE("sleep is not a stall") {
  StallMeter meter;
  const ThreadClocks before = ThreadClocks::Now();
  meter.Restart(before);
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  const ThreadClocks after = ThreadClocks::Now();
  CHECK(after.wall_ns - before.wall_ns >= 5'000'000);
  CHECK(meter.StalledWithin(after.wall_ns - before.wall_ns, after) == 0);
}

TEST_CASE("a thread that shares its processor with a busy one is stalled") {
  uint64_t stalled = 0, took = 0;
  bool shared = false;
  std::thread([&] {
    shared = StayHere();
    if (!shared) return;
    std::atomic<bool> stop{false};
    std::thread other([&] {
      while (!stop.load(std::memory_order_relaxed)) {
      }
    });
    StallMeter meter;
    ThreadClocks before = ThreadClocks::Now(), now = before;
    meter.Restart(before);
    // Until it was taken off its processor, and came back.
    while (now.switches_by_others < before.switches_by_others + 3) now = ThreadClocks::Now();
    took = now.wall_ns - before.wall_ns;
    stalled = meter.StalledWithin(took, now);
    stop.store(true, std::memory_order_relaxed);
    other.join();
  }).join();
  if (!shared) {
    MESSAGE("threads cannot be pinned here");
    return;
  }
  CHECK(stalled > 0);
  CHECK(stalled < took);
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
