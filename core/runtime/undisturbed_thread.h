// Threads that leave signals to others.
#pragma once

#include <pthread.h>
#include <signal.h>

#include <thread>
#include <utility>

namespace onrush {

// Starts a thread that the signals which ask a program to end (SIGINT, SIGTERM) do not reach: they
// shall break off what the thread that reads waits for. The threads that it starts are the same.
template <typename BodyFn>
std::thread StartUndisturbed(BodyFn body) {
  sigset_t ends, before;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, &before);
  std::thread thread(std::move(body));  // inherits the mask
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

}  // namespace onrush
