#include "tests/support/interleavings/fiber.h"

#include <cstdint>

namespace onrush::interleavings {

// makecontext() passes ints only: a pointer goes in two halves.
Fiber::Fiber(std::function<void()> body)
    : body_(std::move(body)), stack_(new char[kStackSize]), inside_(), outside_() {
  getcontext(&inside_);
  inside_.uc_stack.ss_sp = stack_.get();
  inside_.uc_stack.ss_size = kStackSize;
  inside_.uc_link = &outside_;
  const auto self = reinterpret_cast<uintptr_t>(this);
  makecontext(&inside_, reinterpret_cast<void (*)()>(&Enter), 2, static_cast<unsigned>(self),
              static_cast<unsigned>(self >> 32));
}

void Fiber::Enter(unsigned low, unsigned high) {
  auto* const self = reinterpret_cast<Fiber*>(uintptr_t{high} << 32 | low);
  self->body_();
  self->done_ = true;
}

void Fiber::Resume() { swapcontext(&outside_, &inside_); }

void Fiber::Suspend() { swapcontext(&inside_, &outside_); }

}  // namespace onrush::interleavings
