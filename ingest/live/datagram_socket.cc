#include "ingest/live/datagram_socket.h"

#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>

#include "core/status_macros.h"
#include "fmt/format.h"

namespace onrush {
namespace {

absl::Status SystemError(std::string_view what, const SocketAddress& address, int error) {
  return absl::UnavailableError(
      fmt::format("{} {}: {}", what, address.ToString(), std::strerror(error)));
}

bool SetOption(int fd, int level, int name, int value) {
  return setsockopt(fd, level, name, &value, sizeof(value)) == 0;
}

// As much as the system allows.
void GrowReceiveBuffer(int fd, size_t bytes) {
  const int size = static_cast<int>(std::min<size_t>(bytes, INT_MAX / 2));
  if (!SetOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, size)) SetOption(fd, SOL_SOCKET, SO_RCVBUF, size);
}

// A socket file that nobody listens at is left over from a process that was killed.
void RemoveIfAbandoned(const SocketAddress& address) {
  const std::string path = address.ToString();
  struct stat status = {};
  if (path.starts_with('@') || lstat(path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) {
    return;
  }
  const int probe = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return;
  if (connect(probe, address.get(), address.size()) != 0 && errno == ECONNREFUSED) {
    unlink(path.c_str());
  }
  close(probe);
}

}  // namespace

absl::StatusOr<DatagramSocket> DatagramSocket::Open(const SocketAddress& address,
                                                    const DatagramSocketOptions& options) {
  const int fd = socket(address.family(), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return SystemError("no socket for", address, errno);
  DatagramSocket result(fd);
  GrowReceiveBuffer(fd, options.receive_buffer_bytes);
  SetOption(fd, SOL_SOCKET, SO_RXQ_OVFL, 1);
  if (options.receive_offload && address.family() != AF_UNIX) {
    SetOption(fd, SOL_UDP, UDP_GRO, 1);  // kernels before 5.0 do without
  }
  return result;
}

absl::StatusOr<DatagramSocket> DatagramSocket::Bind(const SocketAddress& address,
                                                    const DatagramSocketOptions& options) {
  ONRUSH_ASSIGN_OR_RETURN(DatagramSocket result, Open(address, options));
  if (address.family() == AF_UNIX) RemoveIfAbandoned(address);
  if (bind(result.fd_, address.get(), address.size()) != 0) {
    return SystemError("cannot listen at", address, errno);
  }
  if (address.family() == AF_UNIX) result.path_ = address.ToString();
  return result;
}

absl::StatusOr<DatagramSocket> DatagramSocket::Connect(const SocketAddress& address,
                                                       const DatagramSocketOptions& options) {
  ONRUSH_ASSIGN_OR_RETURN(DatagramSocket result, Open(address, options));
  if (address.family() == AF_UNIX) {
    sockaddr unnamed = {};
    unnamed.sa_family = AF_UNIX;  // without a path: the system chooses an abstract name
    if (bind(result.fd_, &unnamed, sizeof(unnamed.sa_family)) != 0) {
      return SystemError("cannot send to", address, errno);
    }
  }
  if (connect(result.fd_, address.get(), address.size()) != 0) {
    return SystemError("cannot send to", address, errno);
  }
  return result;
}

DatagramSocket::DatagramSocket(DatagramSocket&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), path_(std::exchange(other.path_, {})) {}

DatagramSocket::~DatagramSocket() {
  if (!path_.empty()) unlink(path_.c_str());
  if (fd_ >= 0) close(fd_);
}

size_t DatagramSocket::receive_buffer_bytes() const {
  int bytes = 0;
  socklen_t size = sizeof(bytes);
  getsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &bytes, &size);
  return static_cast<size_t>(bytes);
}

uint32_t DatagramSocket::DroppedByKernel() const {
  uint32_t info[SK_MEMINFO_VARS] = {};
  socklen_t size = sizeof(info);
  getsockopt(fd_, SOL_SOCKET, SO_MEMINFO, info, &size);
  return info[SK_MEMINFO_DROPS];
}

}  // namespace onrush
