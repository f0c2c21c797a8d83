// Threads that do what they are given.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace onrush {

// Description
//   A fixed number of threads, and a queue with a bound: whoever has one task too many waits, and
//   so does whoever depends on them.
// Threads
//   Any may add; one finishes.
class BoundedPool {
 public:
  BoundedPool(size_t threads, size_t waiting_tasks);
  ~BoundedPool() { Finish(); }

  // Waits until there is room.
  void Add(std::function<void()> task);
  // Waits until all tasks are done. Nothing may be added after that.
  void Finish();

 private:
  void Work();

  const size_t waiting_tasks_;
  std::mutex mutex_;
  std::condition_variable added_;
  std::condition_variable taken_;
  std::deque<std::function<void()>> tasks_;
  bool finishing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace onrush
