// The stalls that a guest cannot see.
#pragma once

#include <cstdint>

#include "tools/onrush/profile/report.h"

namespace onrush {

// Looks at the clock for `watch_ns` without a pause, on the calling thread. A step of at least 5 us
// that the thread's processor time does not explain either (then the guest's scheduler did it) was
// the host's: it ran something else, or served this guest.
HostStalls WatchForHostStalls(uint64_t watch_ns);

}  // namespace onrush
