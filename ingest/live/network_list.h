// Who may get answers.
#pragma once

#include <netinet/in.h>

#include <cstddef>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "ingest/live/socket_address.h"

namespace onrush {

// Description
//   This machine, and the networks that were added. Addresses of datagrams can be forged: who
//   answers all of them sends unasked-for traffic to whomever an attacker names.
// Threads
//   Any once all networks are added.
class NetworkList {
 public:
  // Adds a network such as `10.0.0.0/8`, `fd00::/8` or a single address `192.0.2.7`. Fails with
  // kInvalidArgument, naming the text.
  absl::Status Add(std::string_view network);

  // True for local addresses and those in an added network.
  bool Contains(const SocketAddress& address) const;

 private:
  struct Network {
    in6_addr address;  // IPv4 within IPv6
    size_t bits;       // of it that count
  };
  std::vector<Network> networks_;
};

}  // namespace onrush
