// Runs a small concurrent scenario in every way that it can go.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace onrush::interleavings {

// What a scenario consists of. Its setup makes what the threads share out of ModelAtomic and Plain
// (model_atomic.h), keeps it alive in the bodies, and must do the same every time.
class Scenario {
 public:
  // At most 3.
  void Thread(std::function<void()> body) { bodies_.push_back(std::move(body)); }
  // Runs when all threads have ended, and knows all that they did.
  void AtEnd(std::function<void()> check) { check_ = std::move(check); }

 private:
  friend class Run;
  std::vector<std::function<void()>> bodies_;
  std::function<void()> check_ = [] {};
};

struct Verdict {
  uint64_t runs = 0;
  std::string failure;  // of the first run that failed, in words; empty if none did
};

// Description
//   Stateless model checking: threads are fibers that stop before each operation on an atomic; who
//   goes on, and which store a load sees, is tried in all combinations. Orders of operations that
//   do not touch each other are tried once (sleep sets: Godefroid, "Partial-Order Methods for the
//   Verification of Concurrent Systems", 1996). A run fails when Require() does, when plain data
//   is raced for, when all threads that are left sleep, or when it does not come to an end.
Verdict ExploreAll(const std::function<void(Scenario&)>& setup);

// In bodies and the check: ends the run as failed unless `holds`.
void Require(bool holds, const char* what);

}  // namespace onrush::interleavings
