// Letting a thread sleep until there may be work again.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

#include "core/spsc_ring.h"

namespace onrush {

// How a thread waits when it finds nothing to do.
enum class WaitStrategy : uint8_t {
  kSpin,   // look again at once: answers soonest, takes a core
  kYield,  // let others run in between
  kPark,   // spin a little, then sleep until woken: about 10 µs to wake up
};

// Description
//   An event count. The waiter takes a ticket, looks for work, and waits with the ticket if it
//   found none; whoever makes work says so afterwards. A notification between ticket and waiting
//   makes the waiting return at once, so that none is lost.
// Threads
//   Any number of notifiers, one waiter.
// Publication
//   Notify() adds to the count with release after the work was published; ticket() loads it with
//   acquire before work is looked for. So either the waiter sees the work, or its ticket is old and
//   Wait() does not sleep. Tests put a model in place of std::atomic and try all interleavings;
//   it has no use for looking again before it sleeps, hence kLooks.
template <template <typename> typename Atomic, int kLooks>
class BasicParker {
 public:
  using Ticket = uint32_t;

  // Pairs with the release in Notify().
  Ticket ticket() const { return count_.load(std::memory_order_acquire); }

  void Notify() {
    count_.fetch_add(1, std::memory_order_release);  // Pairs with the acquire in ticket().
    count_.notify_one();
  }

  // Returns when Notify() was called since `ticket` was taken, at the latest; perhaps earlier.
  void Wait(Ticket ticket, WaitStrategy strategy) {
    if (strategy == WaitStrategy::kSpin) return Relax();
    if (strategy == WaitStrategy::kYield) return std::this_thread::yield();
    for (int i = 0; i < kLooks; ++i) {
      if (count_.load(std::memory_order_relaxed) != ticket) return;
      Relax();
    }
    count_.wait(ticket, std::memory_order_relaxed);
  }

 private:
  static void Relax() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }

  alignas(kCacheLineSize) Atomic<uint32_t> count_{0};
};

// 50 looks take about 2 µs, a fifth of what a wake-up costs.
using Parker = BasicParker<std::atomic, 50>;

}  // namespace onrush
