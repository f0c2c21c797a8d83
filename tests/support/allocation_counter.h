// Counts allocations of the calling thread.
#pragma once

#include <cstdint>

namespace onrush {

// False under sanitizers, which bring an allocator of their own: nothing is counted then.
bool CountsAllocations();

// Calls of operator new by this thread so far.
uint64_t AllocationCount();

}  // namespace onrush
