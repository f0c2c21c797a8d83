// What time it is outside, for what arrives live. Nothing on the way of an event looks at it in
// replay.
#pragma once

#include <chrono>
#include <cstdint>

namespace onrush {

// Nanoseconds since 1970-01-01T00:00:00Z by the machine's clock, which may be set back. Any thread;
// some 25 ns.
inline int64_t WallClockNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace onrush
