#include "tools/http/bounded_pool.h"

#include <utility>

namespace onrush {

BoundedPool::BoundedPool(size_t threads, size_t waiting_tasks) : waiting_tasks_(waiting_tasks) {
  for (size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

void BoundedPool::Add(std::function<void()> task) {
  std::unique_lock lock(mutex_);
  taken_.wait(lock, [this] { return tasks_.size() < waiting_tasks_; });
  tasks_.push_back(std::move(task));
  added_.notify_one();
}

void BoundedPool::Finish() {
  {
    const std::lock_guard lock(mutex_);
    finishing_ = true;
  }
  added_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void BoundedPool::Work() {
  while (true) {
    std::unique_lock lock(mutex_);
    added_.wait(lock, [this] { return !tasks_.empty() || finishing_; });
    if (tasks_.empty()) return;
    const std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    taken_.notify_one();
    lock.unlock();
    task();
  }
}

}  // namespace onrush
