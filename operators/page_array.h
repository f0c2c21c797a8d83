// A large array that grows without copying and without a stall.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>

#include "core/check.h"

namespace onrush {

// Zeroed memory, large stretches straight from the system. Not thread-safe.
class Pages {
 public:
  // From now on the whole process asks for huge pages for what grows to 2 MiB or more. They save
  // misses of the TLB and four fifths of the time for first touches, which come in one piece: 0.35
  // ms each on a virtual machine, 14 ms if its host has to find the memory first. Any thread.
  static void PreferHuge();

  Pages() = default;
  Pages(Pages&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  Pages& operator=(Pages&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Pages() { Free(); }

  void* data() const { return data_; }
  size_t bytes() const { return bytes_; }
  // Makes it at least `bytes` long. What is there moves to other addresses: little is copied, much
  // is moved by the page table. Ends the program if the system has no memory left.
  void Grow(size_t bytes);

 private:
  // Copies what is there to `data` and keeps that instead.
  void Replace(void* data, size_t bytes);
  void AskForHuge();
  void Free();

  void* data_ = nullptr;
  size_t bytes_ = 0;
};

// Description
//   A vector of plain data by id. Its capacity doubles, but memory is only taken where elements are
//   (to a page), and growing moves the page table, not the elements: no push pays for all. Never
//   shrinks. Elements are value-initialised, which must be all zeros.
// Threads
//   One.
template <typename T>
class PageArray {
 public:
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

  size_t size() const { return size_; }
  // Valid until the next growth.
  T* data() { return static_cast<T*>(pages_.data()); }
  const T* data() const { return static_cast<const T*>(pages_.data()); }
  // Valid until the next growth.
  std::span<const T> elements() const { return {data(), size_}; }
  T& operator[](size_t i) {
    ONRUSH_DCHECK(i < size_);
    return data()[i];
  }
  const T& operator[](size_t i) const {
    ONRUSH_DCHECK(i < size_);
    return data()[i];
  }

  // Appends zeroed elements until there are `size`; does nothing if there are.
  void GrowTo(size_t size) {
    if (size <= size_) return;
    if (size * sizeof(T) > pages_.bytes()) GrowPages(size);
    std::fill(data() + size_, data() + std::min(size, high_), T());
    size_ = size;
    high_ = std::max(high_, size);
  }
  void Append(const T& element) {
    if ((size_ + 1) * sizeof(T) > pages_.bytes()) GrowPages(size_ + 1);
    data()[size_++] = element;
    high_ = std::max(high_, size_);
  }
  // Appends as GrowTo(), or forgets the elements from `size` on and keeps their memory.
  void Resize(size_t size) {
    GrowTo(size);
    size_ = size;
  }

  size_t memory_bytes() const { return high_ * sizeof(T); }

 private:
  void GrowPages(size_t size) { pages_.Grow(std::max(size * sizeof(T), 2 * pages_.bytes())); }

  Pages pages_;
  size_t size_ = 0;
  size_t high_ = 0;  // elements below this were in use once
};

}  // namespace onrush
