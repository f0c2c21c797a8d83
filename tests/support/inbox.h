// What came at a datagram socket, for tests.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "ingest/live/datagram_receiver.h"
#include "ingest/live/datagram_socket.h"

namespace onrush {

// Receives all that is there: on one machine a datagram is there once it was sent.
class Inbox {
 public:
  explicit Inbox(const DatagramSocket& socket)
      : receiver(socket), memory_(std::make_unique<char[]>(DatagramReceiver::kMemoryBytes)) {}

  std::vector<std::string> TakeAll() {
    std::vector<std::string> texts;
    do {
      REQUIRE(receiver.Receive(memory_.get(), datagrams).ok());
      for (const Datagram& datagram : datagrams) texts.emplace_back(datagram.bytes);
    } while (!datagrams.empty());
    return texts;
  }

  DatagramReceiver receiver;
  std::vector<Datagram> datagrams;  // of the latest call

 private:
  const std::unique_ptr<char[]> memory_;
};

}  // namespace onrush
