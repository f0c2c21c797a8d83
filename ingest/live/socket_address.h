// Addresses of datagram sockets.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace onrush {

// Description
//   An IPv4 or IPv6 address with a port, the path of a Unix socket, or nothing: Unix sockets that
//   are not bound have no address, and nobody can answer them.
// Threads
//   As a plain value.
class SocketAddress {
 public:
  SocketAddress() = default;

  // Reads `HOST:PORT`, HOST a name, an IPv4 address or an IPv6 address in brackets. Fails with
  // kInvalidArgument, naming the text. Looking a name up may take seconds.
  static absl::StatusOr<SocketAddress> ParseUdp(std::string_view text);
  // Fails with kInvalidArgument if `path` is empty or longer than the system allows.
  static absl::StatusOr<SocketAddress> OfUnixPath(std::string_view path);
  // The address that `socket` is bound to.
  static SocketAddress OfSocket(int socket);

  // For system calls, which fill the storage and then say how much of it they used.
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  sockaddr* storage() { return reinterpret_cast<sockaddr*>(&storage_); }
  socklen_t size() const { return size_; }
  void set_size(socklen_t size) { size_ = size < kCapacity ? size : kCapacity; }
  static constexpr socklen_t kCapacity = sizeof(sockaddr_storage);

  int family() const { return size_ >= sizeof(sa_family_t) ? get()->sa_family : AF_UNSPEC; }
  // True if an answer can be sent there.
  bool CanBeAnswered() const { return size_ > sizeof(sa_family_t); }
  // True for 127.0.0.0/8, ::1, both also as IPv4 within IPv6, and Unix sockets.
  bool IsLocal() const;
  // "127.0.0.1:9100", "[::1]:9100", "/run/onrush.sock", "@abstract", "unnamed".
  std::string ToString() const;

  std::string_view bytes() const { return {reinterpret_cast<const char*>(&storage_), size_}; }
  friend bool operator==(const SocketAddress& a, const SocketAddress& b) {
    return a.bytes() == b.bytes();
  }

 private:
  sockaddr_storage storage_;  // the first size_ bytes
  socklen_t size_ = 0;
};

}  // namespace onrush
