// Figures of one thread for others to look at.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace onrush {

// Description
//   A copy of a struct of counters, which their writer renews now and then: so that it can count in
//   plain variables, and nothing it does per event is seen by another thread.
// Threads
//   One stores, any number load. What they load may be of two copies, some numbers older than
//   others.
// Publication
//   None: all accesses are relaxed, each number stands for itself.
template <typename T>
class Published {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) % sizeof(uint64_t) == 0,
                "a struct of numbers of 64 bits");

 public:
  // A nanosecond for every few numbers.
  void Store(const T& figures) {
    Words words;
    std::memcpy(words.data(), &figures, sizeof(figures));
    for (size_t i = 0; i < kWords; ++i) words_[i].store(words[i], std::memory_order_relaxed);
  }

  T Load() const {
    Words words;
    for (size_t i = 0; i < kWords; ++i) words[i] = words_[i].load(std::memory_order_relaxed);
    T figures;
    std::memcpy(static_cast<void*>(&figures), words.data(), sizeof(figures));
    return figures;
  }

 private:
  static constexpr size_t kWords = sizeof(T) / sizeof(uint64_t);
  using Words = std::array<uint64_t, kWords>;

  std::array<std::atomic<uint64_t>, kWords> words_{};
};

}  // namespace onrush
