// Counts allocations. Only the program is linked with it: replacing operator new is not a library's
// to decide, and the sanitizers bring their own.
#include <cstddef>
#include <cstdlib>
#include <new>

#include "tools/onrush/allocation_count.h"

namespace {

// A thread's own: counting always costs less than asking whether somebody wants to know.
constinit thread_local uint64_t count_of_thread = 0;

[[maybe_unused]] const bool installed = [] {
  onrush::allocation_count = [] { return count_of_thread; };
  return true;
}();

void* Allocate(size_t size) {
  ++count_of_thread;
  return std::malloc(size == 0 ? 1 : size);
}

void* Allocate(size_t size, std::align_val_t alignment) {
  ++count_of_thread;
  const auto align = static_cast<size_t>(alignment);
  return std::aligned_alloc(align, (size + align - 1) / align * align);
}

template <typename... Arguments>
void* AllocateOrThrow(Arguments... arguments) {
  if (void* memory = Allocate(arguments...)) return memory;
  throw std::bad_alloc();
}

}  // namespace

// All of them: the allocator that the program is linked with has its own of each.
void* operator new(size_t size) { return AllocateOrThrow(size); }
void* operator new[](size_t size) { return AllocateOrThrow(size); }
void* operator new(size_t size, std::align_val_t align) { return AllocateOrThrow(size, align); }
void* operator new[](size_t size, std::align_val_t align) { return AllocateOrThrow(size, align); }
void* operator new(size_t size, const std::nothrow_t&) noexcept { return Allocate(size); }
void* operator new[](size_t size, const std::nothrow_t&) noexcept { return Allocate(size); }
void* operator new(size_t size, std::align_val_t align, const std::nothrow_t&) noexcept {
  return Allocate(size, align);
}
void* operator new[](size_t size, std::align_val_t align, const std::nothrow_t&) noexcept {
  return Allocate(size, align);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
