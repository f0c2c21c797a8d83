// What the micro benchmarks share: answers that must be right, and a thread's own time.
#pragma once

#include <cstdlib>
#include <ctime>
#include <iostream>

namespace onrush {

// Ends the program if an answer is wrong: its time would mean nothing.
inline void Require(bool condition, const char* what) {
  if (condition) return;
  std::cerr << "wrong answer: " << what << "\n";
  std::exit(1);
}

// What this thread worked, so that the time of others on the machine is not ours.
inline double ThreadMicroseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) * 1e-3;
}

}  // namespace onrush
