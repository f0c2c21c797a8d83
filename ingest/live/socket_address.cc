#include "ingest/live/socket_address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstring>

#include "fmt/format.h"

namespace onrush {
namespace {

absl::Status Wrong(std::string_view text, std::string_view why) {
  return absl::InvalidArgumentError(fmt::format(
      "'{}': {}; right would be HOST:PORT such as 127.0.0.1:9100 or [::1]:9100", text, why));
}

template <typename T>
T As(const SocketAddress& address) {
  T result = {};
  std::memcpy(&result, address.get(), std::min<size_t>(sizeof(result), address.size()));
  return result;
}

bool IsPort(std::string_view text) {
  uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, port);
  return error == std::errc() && rest == end;
}

bool IsLoopback(uint32_t ipv4_network_order) { return (ntohl(ipv4_network_order) >> 24) == 127; }

std::string UnixName(const SocketAddress& address) {
  const std::string_view path = address.bytes().substr(sizeof(sa_family_t));
  if (path.empty()) return "unnamed";
  if (path.front() == '\0') return fmt::format("@{}", path.substr(1));
  return std::string(path.substr(0, path.find('\0')));
}

}  // namespace

absl::StatusOr<SocketAddress> SocketAddress::ParseUdp(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == text.npos) return Wrong(text, "there is no port");
  std::string host(text.substr(0, colon));
  const std::string port(text.substr(colon + 1));
  if (!IsPort(port)) return Wrong(text, "the port must be a number up to 65535");
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != host.npos) {
    return Wrong(text, "an IPv6 address without brackets");
  }
  if (host.empty()) return Wrong(text, "there is no host");
  addrinfo hints = {};
  hints.ai_socktype = SOCK_DGRAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(host.c_str(), port.c_str(), &hints, &found); error != 0) {
    return Wrong(text, gai_strerror(error));
  }
  SocketAddress address;
  std::memcpy(&address.storage_, found->ai_addr, found->ai_addrlen);
  address.size_ = found->ai_addrlen;
  freeaddrinfo(found);
  return address;
}

absl::StatusOr<SocketAddress> SocketAddress::OfUnixPath(std::string_view path) {
  sockaddr_un name = {};
  if (path.empty() || path.size() >= sizeof(name.sun_path)) {
    return absl::InvalidArgumentError(fmt::format(
        "'{}': the path of a socket must have 1 to {} bytes", path, sizeof(name.sun_path) - 1));
  }
  name.sun_family = AF_UNIX;
  path.copy(name.sun_path, path.size());
  SocketAddress address;
  std::memcpy(&address.storage_, &name, sizeof(name));
  address.size_ = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
  return address;
}

SocketAddress SocketAddress::OfSocket(int socket) {
  SocketAddress address;
  socklen_t size = kCapacity;
  if (getsockname(socket, address.storage(), &size) == 0) address.set_size(size);
  return address;
}

bool SocketAddress::IsLocal() const {
  switch (family()) {
    case AF_UNIX:
      return true;
    case AF_INET:
      return IsLoopback(As<sockaddr_in>(*this).sin_addr.s_addr);
    case AF_INET6: {
      const in6_addr ip = As<sockaddr_in6>(*this).sin6_addr;
      if (!IN6_IS_ADDR_V4MAPPED(&ip)) return IN6_IS_ADDR_LOOPBACK(&ip);
      uint32_t ipv4 = 0;
      std::memcpy(&ipv4, ip.s6_addr + 12, sizeof(ipv4));
      return IsLoopback(ipv4);
    }
    default:
      return false;
  }
}

std::string SocketAddress::ToString() const {
  char text[INET6_ADDRSTRLEN] = {};
  switch (family()) {
    case AF_UNIX:
      return UnixName(*this);
    case AF_INET: {
      const auto ipv4 = As<sockaddr_in>(*this);
      inet_ntop(AF_INET, &ipv4.sin_addr, text, sizeof(text));
      return fmt::format("{}:{}", text, ntohs(ipv4.sin_port));
    }
    case AF_INET6: {
      const auto ipv6 = As<sockaddr_in6>(*this);
      inet_ntop(AF_INET6, &ipv6.sin6_addr, text, sizeof(text));
      return fmt::format("[{}]:{}", text, ntohs(ipv6.sin6_port));
    }
    default:
      return "unnamed";
  }
}

}  // namespace onrush
