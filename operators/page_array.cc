#include "operators/page_array.h"

#include <sys/mman.h>

#include <cstdint>

namespace onrush {
namespace {

constexpr size_t kPage = 4096;
constexpr size_t kTablePage = size_t{2} << 20;  // what a page of the page table maps

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

void Pages::Grow(size_t bytes) {
  bytes = RoundUp(bytes, bytes < kTablePage ? kPage : kTablePage);
  if (bytes <= bytes_) return;
  void* data = bytes < kTablePage ? Map(bytes) : MapAligned(bytes);
  if (bytes_ > 0) {
    data = mremap(data_, bytes_, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, data);
    ONRUSH_CHECK(data != MAP_FAILED);
  }
  data_ = data;
  bytes_ = bytes;
}

Pages::~Pages() {
  if (data_ != nullptr) munmap(data_, bytes_);
}

}  // namespace onrush
