// One way that a scenario goes.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "tests/support/interleavings/choices.h"
#include "tests/support/interleavings/explore.h"
#include "tests/support/interleavings/fiber.h"
#include "tests/support/interleavings/memory.h"

namespace onrush::interleavings {

// What a thread does next.
struct Operation {
  size_t atomic = 0;
  bool writes = false;

  // Whether the order of the two can matter.
  bool Touches(const Operation& other) const {
    return atomic == other.atomic && (writes || other.writes);
  }
};

// Description
//   Made before the setup, current while it lasts; the atomics of the setup belong to it.
class Run {
 public:
  explicit Run(Choices& choices) : choices_(choices), memory_(choices) { current_ = this; }
  ~Run() { current_ = nullptr; }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  // Runs the scenario to its end, to a failure, or to where all that follows was tried already.
  void Play(const Scenario& scenario);
  const std::string& failure() const { return failure_; }

  // For the operations, made by the thread that runs now.
  static Run& current() { return *current_; }
  Memory& memory() { return memory_; }
  size_t thread() const { return running_; }
  // Lets others go first, if it is their turn.
  void Before(const Operation& operation);
  // Until Wake() for that atomic.
  void Sleep(size_t atomic);
  void Wake(size_t atomic);
  // Does not return.
  [[noreturn]] void Fail(const std::string& what);

 private:
  struct Abandoned {};  // unwinds a fiber whose run is over
  enum class State : uint8_t { kReady, kAsleep, kDone };
  struct ThreadState {
    std::unique_ptr<Fiber> fiber;
    State state = State::kReady;
    Operation next;
  };
  using Threads = uint32_t;  // a bit for each

  static constexpr int kMaxSteps = 10'000;

  void Begin(const Scenario& scenario);
  Threads Ready() const;
  // The thread that goes on, or 0 if all that may has been tried.
  size_t ChooseThread(Threads ready);
  void Resume(size_t thread);
  void SwitchAway();
  void Abandon();

  static Run* current_;

  Choices& choices_;
  Memory memory_;
  std::array<ThreadState, kMaxThreads> threads_;
  size_t thread_count_ = 1;
  size_t running_ = 0;
  Threads tried_ = 0;  // threads that need not go on from here: sibling runs began so
  bool abandoned_ = false;
  std::string failure_;
};

}  // namespace onrush::interleavings
