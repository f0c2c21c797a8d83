// The life of a thread that others give work to.
#pragma once

#include <atomic>

#include "core/runtime/parker.h"

namespace onrush {

// Description
//   Works while there is work, waits while there is none, ends when told.
// Threads
//   Run() on the loop's own; Notify() and Stop() on any.
// Publication
//   Stop() sets the flag with release before it notifies; Run() loads it with acquire after it took
//   its ticket. The ticket comes first: what is announced after it, the end too, ends the waiting.
template <template <typename> typename Atomic, int kLooks>
class BasicWorkLoop {
 public:
  // `work` does a piece of work and returns true, or finds none and returns false.
  template <typename WorkFn>
  void Run(WaitStrategy strategy, WorkFn work) {
    while (true) {
      const auto ticket = parker_.ticket();
      if (stopping_.load(std::memory_order_acquire)) return;  // Pairs with the release in Stop().
      if (!work()) parker_.Wait(ticket, strategy);
    }
  }

  // There may be work: to be called after it was published.
  void Notify() { parker_.Notify(); }
  // Run() returns soon; what is not done by then stays undone.
  void Stop() {
    stopping_.store(true, std::memory_order_release);  // Pairs with the acquire in Run().
    parker_.Notify();
  }

 private:
  BasicParker<Atomic, kLooks> parker_;
  Atomic<bool> stopping_{false};
};

using WorkLoop = BasicWorkLoop<std::atomic, 50>;

}  // namespace onrush
