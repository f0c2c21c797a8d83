// A wish to end that reaches whoever waits in a system call.
#pragma once

#include <atomic>

namespace onrush {

// Description
//   A view of a flag that somebody, such as a signal handler, sets once. Whoever waits in system
//   calls looks at it when one of them is broken off, and gives up with kCancelled. Without a flag
//   nobody ever asks.
// Threads
//   Any.
class StopToken {
 public:
  StopToken() = default;
  // `flag` must outlive all copies.
  explicit StopToken(const std::atomic<bool>& flag) : flag_(&flag) {}

  bool requested() const { return flag_ != nullptr && flag_->load(std::memory_order_relaxed); }

 private:
  const std::atomic<bool>* flag_ = nullptr;
};

}  // namespace onrush
