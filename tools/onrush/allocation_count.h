// How often memory was allocated, where a program counts that.
#pragma once

#include <cstdint>

namespace onrush {

// Calls of operator new by the calling thread so far.
using AllocationCount = uint64_t (*)();

// Null unless the program is linked with allocation_hook.cc, which sets it before main().
inline AllocationCount allocation_count = nullptr;

}  // namespace onrush
