// Processing time, which tests set by hand. Nothing on the way of an event looks at it in replay.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <thread>

namespace onrush {

// Nanoseconds on a clock that never goes back, from an arbitrary start.
struct ProcessingTime {
  int64_t ns = 0;
  friend constexpr auto operator<=>(ProcessingTime, ProcessingTime) = default;
};

class Clock {
 public:
  virtual ~Clock() = default;
  virtual ProcessingTime Now() = 0;
  // Returns at `due` or soon after; at once if that has passed.
  virtual void SleepUntil(ProcessingTime due) = 0;
};

// The machine's monotonic clock. Any thread.
class SystemClock final : public Clock {
 public:
  ProcessingTime Now() override {
    return {std::chrono::duration_cast<std::chrono::nanoseconds>(
                std::chrono::steady_clock::now().time_since_epoch())
                .count()};
  }
  void SleepUntil(ProcessingTime due) override {
    std::this_thread::sleep_until(
        std::chrono::steady_clock::time_point(std::chrono::nanoseconds(due.ns)));
  }
};

}  // namespace onrush
