// A number that one thread raises and others may look at.
#pragma once

#include <atomic>
#include <cstdint>

#include "core/int128.h"

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

// The same beyond 64 bits. Others may see it without what it carries over, once in 2^64.
class WideCounter {
 public:
  void Add(uint64_t by) {
    const uint64_t before = low_.value();
    low_.Add(by);
    if (low_.value() < before) high_.Add(1);
  }
  void Add(const WideCounter& other) {
    Add(other.low_.value());
    high_.Add(other.high_.value());
  }
  // Below 2^127.
  Int128 value() const { return (Int128{high_.value()} << 64) + low_.value(); }

 private:
  Counter low_;
  Counter high_;
};

}  // namespace onrush
