// Bound or connected sockets for datagrams.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ingest/live/socket_address.h"

namespace onrush {

struct DatagramSocketOptions {
  // What the kernel may keep until it is received; it counts some 770 bytes for a small datagram.
  // Without privileges the system allows less (net.core.rmem_max): see receive_buffer_bytes().
  // Unix sockets keep net.unix.max_dgram_qlen datagrams and then stop senders.
  size_t receive_buffer_bytes = 64 << 20;
  // UDP: lets the kernel hand over datagrams of one sender and size in one piece (UDP_GRO).
  bool receive_offload = true;
};

// Description
//   A non-blocking UDP or Unix datagram socket. The path of a bound Unix socket is removed at the
//   end, and before binding if nobody listens there any more.
// Threads
//   As a file descriptor: one thread may receive while another sends.
class DatagramSocket {
 public:
  // Receives at `address`; UDP port 0: the system chooses. Fails, naming the address, if it is
  // taken or not this machine's.
  static absl::StatusOr<DatagramSocket> Bind(const SocketAddress& address,
                                             const DatagramSocketOptions& options = {});
  // Sends to `address` only, and receives from there. Unix sockets get a name of their own, so
  // that they can be answered.
  static absl::StatusOr<DatagramSocket> Connect(const SocketAddress& address,
                                                const DatagramSocketOptions& options = {});

  // Sends to any address of `address`' family.
  static absl::StatusOr<DatagramSocket> Unbound(const SocketAddress& address) {
    return Open(address, {});
  }

  ~DatagramSocket();
  DatagramSocket(DatagramSocket&& other) noexcept;
  DatagramSocket& operator=(DatagramSocket&& other) = delete;

  int fd() const { return fd_; }
  // What it is bound to, with the port that the system chose.
  SocketAddress address() const { return SocketAddress::OfSocket(fd_); }
  // What the kernel granted, as it counts.
  size_t receive_buffer_bytes() const;
  // Datagrams that the kernel dropped since there was no room, or whose checksum was wrong; one
  // of many in one piece may count as one. Modulo 2^32. A system call.
  uint32_t DroppedByKernel() const;

 private:
  explicit DatagramSocket(int fd) : fd_(fd) {}
  static absl::StatusOr<DatagramSocket> Open(const SocketAddress& address,
                                             const DatagramSocketOptions& options);

  int fd_;
  std::string path_;  // to be removed
};

}  // namespace onrush
