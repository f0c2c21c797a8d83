// Datagrams to be sent, many in one system call.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "core/runtime/stop_token.h"
#include "ingest/live/datagram_socket.h"
#include "ingest/live/frame.h"
#include "ingest/live/socket_address.h"

namespace onrush {

// What became of the datagrams.
struct SendCounts {
  uint64_t datagrams = 0;           // handed to the kernel
  uint64_t bytes = 0;               // of these
  std::map<int, uint64_t> refused;  // by errno; EAGAIN: there was no room, and nobody waited
};

// Description
//   Collects datagrams and sends them with sendmmsg; what the kernel refuses is counted. After
//   warm-up it does not allocate, except to count an error for the first time.
// Threads
//   One at a time.
class DatagramSender {
 public:
  static constexpr size_t kMost = 64;

  // What to do when the kernel has no room for a datagram.
  enum Patience : uint8_t {
    kCountRefused,
    kWaitForRoom,  // until `stop` asks to end
  };
  // Sends from `socket`, which must outlive this.
  explicit DatagramSender(const DatagramSocket& socket, Patience patience = kCountRefused,
                          StopToken stop = {});

  // Adds a frame, sending what was added before if that is kMost already. The payload, and the
  // address if there is one (else the socket is connected), must live until it is sent.
  void Add(const FrameHeader& header, std::string_view payload, const SocketAddress* to = nullptr);
  // Adds a datagram without a frame.
  void AddPlain(std::string_view payload, const SocketAddress* to = nullptr);

  // Sends all that was added.
  void Flush();
  size_t waiting() const { return waiting_; }

  const SendCounts& counts() const { return counts_; }

 private:
  // Where the next datagram goes.
  msghdr& Next(std::string_view payload, const SocketAddress* to);
  // After an error: false if the datagram is to be tried again.
  bool IsRefused(int error) const;
  // False if it was told to stop before.
  bool AwaitRoom() const;

  const DatagramSocket& socket_;
  const Patience patience_;
  const StopToken stop_;
  size_t waiting_ = 0;
  std::vector<mmsghdr> messages_;
  std::vector<iovec> parts_;   // two a datagram: header and payload
  std::vector<char> headers_;  // kFrameHeaderSize each
  SendCounts counts_;
};

}  // namespace onrush
