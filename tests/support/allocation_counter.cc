#include "tests/support/allocation_counter.h"

#include <cstdlib>
#include <new>

#include "tests/support/sanitized.h"

namespace {

thread_local uint64_t allocation_count = 0;

}  // namespace

#ifndef ONRUSH_SANITIZED
// Replaces the allocation functions of the test program. Those for arrays and without exceptions
// call this one.
void* operator new(size_t size) {
  ++allocation_count;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void* operator new(size_t size, std::align_val_t alignment) {
  ++allocation_count;
  const auto align = static_cast<size_t>(alignment);
  if (void* memory = std::aligned_alloc(align, (size + align - 1) / align * align)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, size_t, std::align_val_t) noexcept { std::free(memory); }
#endif

namespace onrush {

bool CountsAllocations() { return !kSanitized; }

uint64_t AllocationCount() { return allocation_count; }

}  // namespace onrush
