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
  uint64_t lines_refused = 0;       // in those of them without a frame

  uint64_t all_refused() const;
};

struct DatagramSenderOptions {
  // Where the kernel has no room for a datagram: waits, until `stop` asks to end. Otherwise that is
  // counted as refused.
  bool wait_for_room = false;
  StopToken stop;
  // UDP: datagrams in a row that are of one size (the last may be shorter) and go to one address
  // take the way through the kernel in one piece (UDP_SEGMENT): 0.03 us each instead of 1 us. What
  // drops such a piece, drops it whole. Packed blocks are made of one size by zeros behind them.
  bool bundle = false;
};

// Description
//   Collects datagrams and sends them with sendmmsg; what the kernel refuses is counted. After
//   warm-up it does not allocate, except to count an error for the first time.
// Threads
//   One at a time.
class DatagramSender {
 public:
  static constexpr size_t kMost = 64;

  // Sends from `socket`, which must outlive this.
  explicit DatagramSender(const DatagramSocket& socket, const DatagramSenderOptions& options = {});

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
  void AddParts(size_t header_bytes, std::string_view payload, const SocketAddress* to,
                bool may_be_padded);
  void CountRefused(int error, size_t first, size_t end);
  size_t SizeOf(size_t datagram) const {
    return parts_[2 * datagram].iov_len + parts_[2 * datagram + 1].iov_len;
  }
  // Datagrams that take the way through the kernel in one piece, or one alone.
  struct Bundle {
    size_t end;   // first + 1 if none takes the way of the first
    size_t size;  // of each, but for the last if they are not padded
    bool padded;
  };
  Bundle BundleFrom(size_t first) const;
  Bundle PaddedFrom(size_t first) const;
  // Writes the parts of padded datagrams [first, bundle.end).
  iovec* PadParts(size_t first, const Bundle& bundle);
  // Makes messages of what waits and returns how many.
  size_t MakeMessages();
  // After an error: false if the message is to be tried again.
  bool IsRefused(int error) const;
  // False if it was told to stop before.
  bool AwaitRoom() const;

  const DatagramSocket& socket_;
  const DatagramSenderOptions options_;
  size_t waiting_ = 0;
  // By datagram.
  std::vector<char> headers_;  // kTimedHeaderSize each, the longest
  std::vector<iovec> parts_;   // two each: header, perhaps empty, and payload
  std::vector<const SocketAddress*> addresses_;
  std::vector<uint8_t> may_be_padded_;
  std::vector<iovec> padded_parts_;  // three each: zeros too; of those that are padded
  std::vector<char> zeros_;
  // By message: one datagram or a bundle.
  std::vector<mmsghdr> messages_;
  std::vector<size_t> datagrams_until_;  // of this message and those before
  std::vector<char> control_;
  SendCounts counts_;
};

}  // namespace onrush
