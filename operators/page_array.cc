#include "operators/page_array.h"

#include <sys/mman.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace onrush {
namespace {

constexpr size_t kMapFrom = size_t{64} << 10;   // below, allocated and copied
constexpr size_t kTablePage = size_t{2} << 20;  // what a page of the page table maps: a huge page

std::atomic<bool> prefer_huge{false};

size_t RoundUp(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

void* Map(size_t bytes) {
  void* const data = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  ONRUSH_CHECK(data != MAP_FAILED);
  return data;
}

// Between addresses that are multiples of kTablePage whole pages of the page table are moved, a
// hundred times as fast as their entries.
void* MapAligned(size_t bytes) {
  const auto begin = reinterpret_cast<uintptr_t>(Map(bytes + kTablePage));
  const uintptr_t aligned = RoundUp(begin, kTablePage);
  if (aligned > begin) munmap(reinterpret_cast<void*>(begin), aligned - begin);
  const size_t rest = begin + kTablePage - aligned;
  if (rest > 0) munmap(reinterpret_cast<void*>(aligned + bytes), rest);
  return reinterpret_cast<void*>(aligned);
}

}  // namespace

void Pages::PreferHuge() { prefer_huge.store(true, std::memory_order_relaxed); }

void Pages::Grow(size_t bytes) {
  if (bytes <= bytes_) return;
  if (bytes < kMapFrom) {
    void* const data = std::calloc(bytes, 1);
    ONRUSH_CHECK(data != nullptr);
    Replace(data, bytes);
    return;
  }
  bytes = RoundUp(bytes, bytes < kTablePage ? kMapFrom : kTablePage);
  void* const data = bytes < kTablePage ? Map(bytes) : MapAligned(bytes);
  if (bytes_ < kMapFrom) {
    Replace(data, bytes);
    return AskForHuge();
  }
  data_ = mremap(data_, bytes_, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, data);
  ONRUSH_CHECK(data_ != MAP_FAILED);
  bytes_ = bytes;
  AskForHuge();
}

// A system without huge pages refuses, which changes nothing but the speed.
void Pages::AskForHuge() {
  if (bytes_ < kTablePage || !prefer_huge.load(std::memory_order_relaxed)) return;
  madvise(data_, bytes_, MADV_HUGEPAGE);
}

void Pages::Replace(void* data, size_t bytes) {
  if (bytes_ > 0) std::memcpy(data, data_, bytes_);
  Free();
  data_ = data;
  bytes_ = bytes;
}

void Pages::Free() {
  if (bytes_ < kMapFrom) {
    std::free(data_);
  } else {
    munmap(data_, bytes_);
  }
}

}  // namespace onrush
