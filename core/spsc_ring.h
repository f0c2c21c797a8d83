// A bounded lock-free queue between two threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <type_traits>

#include "core/check.h"

namespace onrush {

// 128 rather than 64: x86-64 prefetches lines in pairs.
inline constexpr size_t kCacheLineSize = 128;

// Description
//   A ring of slots that one producer fills and one consumer empties, in batches: Claim() and
//   Publish(), Peek() and Release(). Neither side waits: what is not there now is an empty span.
//   Batches adapt: a consumer that lags finds more per Peek(). The design is that of Lamport
//   ("Proving the Correctness of Multiprocess Programs", 1977) with each side caching the other's
//   index (Lee et al., "A Lock-Free, Cache-Efficient Shared Ring Buffer for Multi-Core
//   Architectures", ANCS 2010).
//   Claim and Peek: one look at the other side's index only when the cached one says full or empty.
//   Publish and Release: one store each.
//
// Threads
//   Claim(), Publish(): the producer. Peek(), Release(): the consumer. Construction before either
//   starts, destruction after both ended.
//
// Invariants
//   Indices count slots since the beginning and wrap around with Index; slot i is i % capacity.
//   tail − head ≤ capacity. Slots in [head, tail) belong to the consumer, the others to the
//   producer.
//
// Publication
//   Publish() stores tail with release after the slots were written; Peek() loads it with acquire
//   before they are read. Release() stores head with release after the slots were read; Claim()
//   loads it with acquire before they are written again. Tests put a model in place of std::atomic
//   and try all interleavings.
template <typename T, typename Index = size_t, template <typename> typename Atomic = std::atomic>
class SpscRing {
  static_assert(std::is_unsigned_v<Index>);

 public:
  // `capacity` slots, value-initialised. Requires: a power of two, at most half of what Index
  // counts, so that a full ring and an empty one differ.
  explicit SpscRing(size_t capacity)
      : capacity_(static_cast<Index>(capacity)), slots_(std::make_unique<T[]>(capacity)) {
    ONRUSH_CHECK(capacity > 0 && (capacity & (capacity - 1)) == 0);
    ONRUSH_CHECK(capacity <= static_cast<size_t>(std::numeric_limits<Index>::max() / 2) + 1);
  }
  SpscRing(const SpscRing&) = delete;
  SpscRing& operator=(const SpscRing&) = delete;

  size_t capacity() const { return capacity_; }

  // Up to `count` free slots that lie side by side, fewer where the ring is nearly full or wraps
  // around; empty if it is full.
  std::span<T> Claim(size_t count) {
    const Index tail = tail_.load(std::memory_order_relaxed);  // only this thread writes it
    Index free = Free(tail, cached_head_);
    if (free < count) {
      cached_head_ = head_.load(std::memory_order_acquire);  // Pairs with the release in Release().
      free = Free(tail, cached_head_);
    }
    return SideBySide(tail, std::min<size_t>(count, free));
  }
  // Hands the first `count` claimed slots to the consumer. Requires: no more than were claimed.
  void Publish(size_t count) {
    const Index tail = tail_.load(std::memory_order_relaxed);
    tail_.store(static_cast<Index>(tail + count),
                std::memory_order_release);  // Pairs with the acquire in Peek().
  }

  // Up to `count` filled slots that lie side by side, oldest first; empty if there is none.
  std::span<T> Peek(size_t count) {
    const Index head = head_.load(std::memory_order_relaxed);  // only this thread writes it
    if (cached_tail_ == head) {
      cached_tail_ = tail_.load(std::memory_order_acquire);  // Pairs with the release in Publish().
    }
    const auto filled = static_cast<Index>(cached_tail_ - head);
    return SideBySide(head, std::min<size_t>(count, filled));
  }
  // Gives the first `count` slots back to the producer. Requires: no more than Peek() showed.
  void Release(size_t count) {
    const Index head = head_.load(std::memory_order_relaxed);
    head_.store(static_cast<Index>(head + count),
                std::memory_order_release);  // Pairs with the acquire in Claim().
  }

  // Filled slots, for metrics; either side, or a third thread, may be told an old number.
  size_t size() const {
    const Index tail = tail_.load(std::memory_order_relaxed);
    return static_cast<Index>(tail - head_.load(std::memory_order_relaxed));
  }

 private:
  Index Free(Index tail, Index head) const {
    return static_cast<Index>(capacity_ - static_cast<Index>(tail - head));
  }
  std::span<T> SideBySide(Index index, size_t count) {
    const size_t first = index & static_cast<Index>(capacity_ - 1);
    return {slots_.get() + first, std::min<size_t>(count, capacity_ - first)};
  }

  // Read by both, written by neither.
  const Index capacity_;
  const std::unique_ptr<T[]> slots_;

  // Written by the producer.
  alignas(kCacheLineSize) Atomic<Index> tail_{0};
  Index cached_head_ = 0;

  // Written by the consumer.
  alignas(kCacheLineSize) Atomic<Index> head_{0};
  Index cached_tail_ = 0;
};

}  // namespace onrush
