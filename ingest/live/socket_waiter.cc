#include "ingest/live/socket_waiter.h"

#include <ctime>
#include <thread>

namespace onrush {

SocketWaiter::SocketWaiter(const std::vector<int>& sockets, WaitStrategy strategy)
    : strategy_(strategy) {
  for (const int socket : sockets) sockets_.push_back({socket, POLLIN, 0});
}

void SocketWaiter::Wait(Duration longest) {
  if (strategy_ == WaitStrategy::kSpin) return;  // asking the sockets is pause enough
  if (strategy_ == WaitStrategy::kYield) return std::this_thread::yield();
  timespec timeout = {};
  timeout.tv_sec = static_cast<time_t>(longest.ns / kNanosPerSecond);
  timeout.tv_nsec = static_cast<long>(longest.ns % kNanosPerSecond);
  ppoll(sockets_.data(), sockets_.size(), &timeout, nullptr);
}

}  // namespace onrush
