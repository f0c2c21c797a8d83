#include "ingest/live/network_list.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <string>

#include "fmt/format.h"

namespace onrush {
namespace {

constexpr size_t kIpv4Prefix = 96;  // bits before an IPv4 address within IPv6

in6_addr WithinIpv6(const in_addr& ipv4) {
  in6_addr result = {};
  result.s6_addr[10] = result.s6_addr[11] = 0xFF;
  std::memcpy(result.s6_addr + 12, &ipv4, sizeof(ipv4));
  return result;
}

std::optional<in6_addr> HostOf(const SocketAddress& address) {
  if (address.family() == AF_INET) {
    sockaddr_in ipv4 = {};
    std::memcpy(&ipv4, address.get(), sizeof(ipv4));
    return WithinIpv6(ipv4.sin_addr);
  }
  if (address.family() == AF_INET6) {
    sockaddr_in6 ipv6 = {};
    std::memcpy(&ipv6, address.get(), sizeof(ipv6));
    return ipv6.sin6_addr;
  }
  return std::nullopt;
}

bool SameBits(const in6_addr& a, const in6_addr& b, size_t bits) {
  const size_t bytes = bits / 8;
  if (!std::equal(a.s6_addr, a.s6_addr + bytes, b.s6_addr)) return false;
  const auto mask = static_cast<uint8_t>(0xFF00 >> (bits % 8));
  return bits % 8 == 0 || ((a.s6_addr[bytes] ^ b.s6_addr[bytes]) & mask) == 0;
}

}  // namespace

absl::Status NetworkList::Add(std::string_view network) {
  const size_t slash = std::min(network.find('/'), network.size());
  const std::string host(network.substr(0, slash));
  Network added = {};
  in_addr ipv4 = {};
  const bool is_ipv4 = inet_pton(AF_INET, host.c_str(), &ipv4) == 1;
  const size_t all_bits = is_ipv4 ? 32 : 128;
  size_t bits = all_bits;
  const char* const end = network.data() + network.size();
  bool right = is_ipv4 || inet_pton(AF_INET6, host.c_str(), &added.address) == 1;
  if (slash < network.size()) {
    const auto [rest, error] = std::from_chars(network.data() + slash + 1, end, bits);
    right = right && error == std::errc() && rest == end && bits <= all_bits;
  }
  if (!right) {
    return absl::InvalidArgumentError(fmt::format(
        "'{}': not a network; right would be one such as 10.0.0.0/8, fd00::/8 or 192.0.2.7",
        network));
  }
  if (is_ipv4) added.address = WithinIpv6(ipv4);
  added.bits = is_ipv4 ? kIpv4Prefix + bits : bits;
  networks_.push_back(added);
  return absl::OkStatus();
}

bool NetworkList::Contains(const SocketAddress& address) const {
  if (address.IsLocal()) return true;
  const std::optional<in6_addr> host = HostOf(address);
  return host && std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
           return SameBits(*host, network.address, network.bits);
         });
}

}  // namespace onrush
