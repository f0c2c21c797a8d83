// Rings and waiting in every way that two threads can meet, by a model of C++'s memory; the model's
// own tests are those that must fail.
#include <cstdint>
#include <memory>

#include "core/runtime/work_loop.h"
#include "core/spsc_ring.h"
#include "doctest/doctest.h"
#include "tests/support/interleavings/explore.h"
#include "tests/support/interleavings/model_atomic.h"
#include "tests/support/sanitized.h"

namespace onrush {
namespace {

using interleavings::ExploreAll;
using interleavings::ModelAtomic;
using interleavings::Plain;
using interleavings::Require;
using interleavings::Scenario;
using interleavings::Verdict;

template <template <typename> typename Atomic>
using Ring = SpscRing<Plain<int>, uint8_t, Atomic>;

// What the ring must not do without: its stores publish nothing.
template <typename T>
struct WithoutRelease : ModelAtomic<T> {
  using ModelAtomic<T>::ModelAtomic;
  void store(T value, std::memory_order) {
    ModelAtomic<T>::store(value, std::memory_order_relaxed);
  }
};
// … and its loads learn nothing.
template <typename T>
struct WithoutAcquire : ModelAtomic<T> {
  using ModelAtomic<T>::ModelAtomic;
  T load(std::memory_order) const { return ModelAtomic<T>::load(std::memory_order_relaxed); }
};

// A producer offers 1, 2, … in batches of up to two, a consumer takes what it finds; each tries a
// few times, so that both meet a full, an empty and a wrapped ring.
template <template <typename> typename Atomic>
void PublishAndConsume(Scenario& scenario, size_t capacity, int tries) {
  struct Shared {
    explicit Shared(size_t capacity) : ring(capacity) {}
    Ring<Atomic> ring;
    int published = 0;
    int consumed = 0;
  };
  const auto shared = std::make_shared<Shared>(capacity);
  const auto consume = [shared] {
    const std::span<Plain<int>> slots = shared->ring.Peek(2);
    for (const Plain<int>& slot : slots) Require(slot == ++shared->consumed, "another item");
    shared->ring.Release(slots.size());
    return !slots.empty();
  };
  scenario.Thread([shared, tries] {
    for (int i = 0; i < tries; ++i) {
      const std::span<Plain<int>> slots = shared->ring.Claim(2);
      for (Plain<int>& slot : slots) slot = ++shared->published;
      shared->ring.Publish(slots.size());
    }
  });
  scenario.Thread([consume, tries] {
    for (int i = 0; i < tries; ++i) consume();
  });
  scenario.AtEnd([shared, consume] {
    while (consume()) {
    }
    Require(shared->consumed == shared->published, "an item is lost");
  });
}

// A producer hands an item to a consumer that waits when there is none, and then stops it.
template <typename Loop>
void WorkUntilStopped(Scenario& scenario) {
  struct Shared {
    Shared() : ring(1) {}
    Ring<ModelAtomic> ring;
    Loop loop;
    int consumed = 0;
  };
  const auto shared = std::make_shared<Shared>();
  const auto consume = [shared] {
    const std::span<Plain<int>> slots = shared->ring.Peek(1);
    for (const Plain<int>& slot : slots) Require(slot == ++shared->consumed, "another item");
    shared->ring.Release(slots.size());
    return !slots.empty();
  };
  scenario.Thread([shared] {
    shared->ring.Claim(1)[0] = 1;
    shared->ring.Publish(1);
    shared->loop.Notify();
    shared->loop.Stop();
  });
  scenario.Thread([shared, consume] { shared->loop.Run(WaitStrategy::kPark, consume); });
  scenario.AtEnd([shared, consume] {
    while (consume()) {
    }
    Require(shared->consumed == 1, "an item is lost");
  });
}

// A producer that waits until its two items are done: nobody stops anybody.
void WorkUntilDone(Scenario& scenario) {
  struct Shared {
    Shared() : ring(1) {}
    Ring<ModelAtomic> ring;
    BasicParker<ModelAtomic, 0> consumer;
    BasicParker<ModelAtomic, 0> producer;
  };
  const auto shared = std::make_shared<Shared>();
  scenario.Thread([shared] {
    for (int item = 1; item <= 2;) {
      const auto ticket = shared->producer.ticket();
      const std::span<Plain<int>> slots = shared->ring.Claim(1);
      if (slots.empty()) {
        shared->producer.Wait(ticket, WaitStrategy::kPark);
        continue;
      }
      slots[0] = item++;
      shared->ring.Publish(1);
      shared->consumer.Notify();
    }
  });
  scenario.Thread([shared] {
    for (int consumed = 0; consumed < 2;) {
      const auto ticket = shared->consumer.ticket();
      const std::span<Plain<int>> slots = shared->ring.Peek(1);
      if (slots.empty()) {
        shared->consumer.Wait(ticket, WaitStrategy::kPark);
        continue;
      }
      Require(slots[0] == ++consumed, "another item");
      shared->ring.Release(1);
      shared->producer.Notify();
    }
  });
}

// Looks whether it should stop before it takes its ticket: sleeps for ever if told in between.
class LooksBeforeItsTicket {
 public:
  template <typename WorkFn>
  void Run(WaitStrategy strategy, WorkFn work) {
    while (!stopping_.load(std::memory_order_acquire)) {
      const auto ticket = parker_.ticket();
      if (!work()) parker_.Wait(ticket, strategy);
    }
  }
  void Notify() { parker_.Notify(); }
  void Stop() {
    stopping_.store(true, std::memory_order_release);
    parker_.Notify();
  }

 private:
  BasicParker<ModelAtomic, 0> parker_;
  ModelAtomic<bool> stopping_{false};
};

// Fibers are beyond the thread sanitizer, and there is only one thread.
TEST_SUITE_BEGIN("core/interleavings" * doctest::skip(kThreadSanitized));

TEST_CASE("a ring hands over each item once, in order, whole") {
  for (const size_t capacity : {1, 2}) {
    CAPTURE(capacity);
    const Verdict verdict =
        ExploreAll([&](Scenario& s) { PublishAndConsume<ModelAtomic>(s, capacity, 3); });
    CHECK(verdict.failure == "");
    CHECK(verdict.runs > 100);
  }
}

TEST_CASE("a ring needs the release of Publish() and Release()") {
  const Verdict verdict =
      ExploreAll([](Scenario& s) { PublishAndConsume<WithoutRelease>(s, 2, 3); });
  CHECK(verdict.failure == "a read races");
}

TEST_CASE("a ring needs the acquire of Peek() and Claim()") {
  const Verdict verdict =
      ExploreAll([](Scenario& s) { PublishAndConsume<WithoutAcquire>(s, 2, 3); });
  CHECK(verdict.failure == "a read races");
}

TEST_CASE("nobody sleeps while there is work or room") {
  const Verdict verdict = ExploreAll(WorkUntilDone);
  CHECK(verdict.failure == "");
  CHECK(verdict.runs > 100);
}

TEST_CASE("a loop that is told to stop just before it waits ends") {
  const Verdict verdict = ExploreAll(WorkUntilStopped<BasicWorkLoop<ModelAtomic, 0>>);
  CHECK(verdict.failure == "");
  CHECK(verdict.runs > 100);
}

TEST_CASE("a loop that looks before it takes its ticket sleeps for ever") {
  const Verdict verdict = ExploreAll(WorkUntilStopped<LooksBeforeItsTicket>);
  CHECK(verdict.failure == "those that are left sleep for ever");
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
