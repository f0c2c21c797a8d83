// A number that one thread raises and others may look at.
#pragma once

#include <atomic>
#include <cstdint>

namespace onrush {

// To its writer a plain variable: relaxed loads and stores, no read-modify-write. It stands for
// itself and publishes nothing else.
class Counter {
 public:
  // The writer's.
  void Add(uint64_t by) { value_.store(value() + by, std::memory_order_relaxed); }
  void RaiseTo(uint64_t to) {
    if (to > value()) value_.store(to, std::memory_order_relaxed);
  }
  // Anyone's.
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

}  // namespace onrush
