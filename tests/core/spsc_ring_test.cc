#include "core/spsc_ring.h"

#include <cstdint>
#include <deque>
#include <random>
#include <thread>

#include "doctest/doctest.h"
#include "tests/support/sanitized.h"

namespace onrush {
namespace {

TEST_SUITE_BEGIN("core/spsc_ring");

// Indices of 8 bits wrap every 256 slots, so that wrapping is part of every run.
TEST_CASE_TEMPLATE("it agrees with a queue, whatever the batches", Index, uint8_t, uint16_t,
                   size_t) {
  for (const size_t capacity : {1, 2, 16, 128}) {
    CAPTURE(capacity);
    std::mt19937 random(static_cast<unsigned>(capacity));
    SpscRing<int, Index> ring(capacity);
    std::deque<int> model;
    int next = 0;
    for (int step = 0; step < 20'000; ++step) {
      const size_t count = random() % (capacity + 2);
      if (random() % 2 == 0) {
        const std::span<int> slots = ring.Claim(count);
        REQUIRE(slots.size() <= std::min(count, capacity - model.size()));
        if (count > 0 && model.size() < capacity) REQUIRE_FALSE(slots.empty());
        const size_t published = slots.empty() ? 0 : random() % (slots.size() + 1);
        for (size_t i = 0; i < published; ++i) model.push_back(slots[i] = next++);
        ring.Publish(published);
      } else {
        const std::span<int> slots = ring.Peek(count);
        REQUIRE(slots.size() <= std::min(count, model.size()));
        if (count > 0 && !model.empty()) REQUIRE_FALSE(slots.empty());
        for (size_t i = 0; i < slots.size(); ++i) REQUIRE(slots[i] == model[i]);
        const size_t released = slots.empty() ? 0 : random() % (slots.size() + 1);
        ring.Release(released);
        model.erase(model.begin(), model.begin() + static_cast<std::ptrdiff_t>(released));
      }
      REQUIRE(ring.size() == model.size());
    }
  }
}

TEST_CASE("two threads lose and repeat nothing") {
  struct Item {
    uint64_t number;
    uint64_t check;  // of the number, so that a torn slot shows
  };
  // Checked builds are slower by far.
  constexpr uint64_t kItems = kSanitized ? 2'000'000 : 100'000'000;
  SpscRing<Item, uint16_t> ring(256);
  std::thread producer([&] {
    std::mt19937 random(1);
    for (uint64_t next = 0; next < kItems;) {
      const std::span<Item> slots = ring.Claim(1 + random() % 100);
      size_t filled = 0;
      for (; filled < slots.size() && next < kItems; ++filled, ++next) {
        slots[filled] = {next, ~next * 3};
      }
      ring.Publish(filled);
      if (slots.empty()) std::this_thread::yield();
    }
  });
  uint64_t expected = 0;
  uint64_t wrong = 0;
  std::mt19937 random(2);
  while (expected < kItems) {
    const std::span<Item> slots = ring.Peek(1 + random() % 100);
    for (const Item& item : slots) {
      wrong += item.number != expected || item.check != ~expected * 3;
      ++expected;
    }
    ring.Release(slots.size());
    if (slots.empty()) std::this_thread::yield();
  }
  producer.join();
  CHECK(wrong == 0);
  CHECK(ring.size() == 0);
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
