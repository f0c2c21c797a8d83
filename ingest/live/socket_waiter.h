// Waiting until a socket has something.
#pragma once

#include <poll.h>

#include <vector>

#include "core/runtime/parker.h"
#include "core/time.h"

namespace onrush {

// Description
//   What a thread does that found no datagram at any of its sockets.
// Threads
//   One at a time.
class SocketWaiter {
 public:
  SocketWaiter(const std::vector<int>& sockets, WaitStrategy strategy);

  // Parking returns when a socket has a datagram, when a signal comes, or after `longest`;
  // otherwise it returns at once.
  void Wait(Duration longest);

 private:
  const WaitStrategy strategy_;
  std::vector<pollfd> sockets_;
};

}  // namespace onrush
