// A stack of its own to run a function on, which may be left and entered again.
#pragma once

#include <ucontext.h>

#include <functional>
#include <memory>

namespace onrush::interleavings {

// Description
//   Resume() runs the body until it calls Suspend() or returns. All on one thread of the system, so
//   that whoever resumes decides alone what runs when.
class Fiber {
 public:
  explicit Fiber(std::function<void()> body);
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  // Requires: the body has not returned.
  void Resume();
  // Called in the body: back to whoever resumed.
  void Suspend();
  bool done() const { return done_; }

 private:
  static constexpr size_t kStackSize = 128 * 1024;
  static void Enter(unsigned low, unsigned high);

  std::function<void()> body_;
  std::unique_ptr<char[]> stack_;
  ucontext_t inside_;
  ucontext_t outside_;
  bool done_ = false;
};

}  // namespace onrush::interleavings
