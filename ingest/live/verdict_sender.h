// Answers to those who asked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/live/datagram_sender.h"
#include "ingest/live/datagram_sorter.h"
#include "ingest/live/network_list.h"

namespace onrush {

struct VerdictCounts {
  uint64_t sent = 0;
  uint64_t refused_by_kernel = 0;  // no room, or nobody there any more
  uint64_t not_allowed = 0;        // the address is in no network that may get answers
  uint64_t no_address = 0;         // an unbound Unix socket
  uint64_t shortened = 0;          // among those added: not all lines fit into a datagram
};

// Description
//   Collects verdicts and sends many with one system call, from the socket that the question came
//   to. Never waits: what the kernel does not take is counted and dropped.
// Threads
//   One at a time; not necessarily that of the source.
class VerdictSender {
 public:
  // `sockets` are those of the source, in its order, and must outlive this.
  VerdictSender(const std::vector<const DatagramSocket*>& sockets, NetworkList allowed);

  // Adds the answer to `request`: whole lines, perhaps none, decided at `decided_ns` on the
  // monotonic clock. All is copied. Sends what was added before when there is no more room for it.
  void Add(const VerdictRequest& request, std::string_view lines, int64_t decided_ns);
  // Sends all that was added. A microsecond for one, 0.6 for each of many.
  void Flush();

  VerdictCounts counts() const;

 private:
  static constexpr size_t kMost = DatagramSender::kMost;

  const NetworkList allowed_;
  std::vector<std::unique_ptr<DatagramSender>> senders_;  // by socket
  size_t waiting_ = 0;
  std::vector<SocketAddress> addresses_;  // of those waiting
  std::vector<std::string> lines_;        // of those waiting
  VerdictCounts counts_;
};

}  // namespace onrush
