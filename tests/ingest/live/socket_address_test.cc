#include "ingest/live/socket_address.h"

#include <netinet/in.h>

#include <cstring>
#include <string>

#include "doctest/doctest.h"

namespace onrush {
namespace {

std::string Udp(std::string_view text) {
  const absl::StatusOr<SocketAddress> address = SocketAddress::ParseUdp(text);
  return address.ok() ? address->ToString() : std::string(address.status().message());
}

bool IsLocal(std::string_view text) { return SocketAddress::ParseUdp(text)->IsLocal(); }

TEST_SUITE_BEGIN("ingest/live/socket_address");

TEST_CASE("addresses are read and written") {
  CHECK(Udp("127.0.0.1:9100") == "127.0.0.1:9100");
  CHECK(Udp("0.0.0.0:0") == "0.0.0.0:0");
  CHECK(Udp("[::1]:9100") == "[::1]:9100");
  CHECK(SocketAddress::OfUnixPath("/run/a.sock")->ToString() == "/run/a.sock");
  CHECK(SocketAddress().ToString() == "unnamed");
}

TEST_CASE("what is no address is said with what would be one") {
  for (const char* text : {"9100", "127.0.0.1", ":9100", "::1:9100", "127.0.0.1:x",
                           "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1"}) {
    CAPTURE(text);
    const std::string message = Udp(text);
    CHECK(message.find("'" + std::string(text) + "'") != message.npos);
    CHECK(message.find("127.0.0.1:9100") != message.npos);
  }
  CHECK_FALSE(SocketAddress::OfUnixPath("").ok());
  CHECK_FALSE(SocketAddress::OfUnixPath(std::string(108, 'x')).ok());
  CHECK(SocketAddress::OfUnixPath(std::string(107, 'x')).ok());
}

TEST_CASE("this machine's addresses are told from others") {
  CHECK(IsLocal("127.0.0.1:1"));
  CHECK(IsLocal("127.255.0.9:1"));
  CHECK(IsLocal("[::1]:1"));
  CHECK(IsLocal("[::ffff:127.0.0.1]:1"));
  CHECK_FALSE(IsLocal("128.0.0.1:1"));
  CHECK_FALSE(IsLocal("0.0.0.0:1"));
  CHECK_FALSE(IsLocal("[::2]:1"));
  CHECK_FALSE(IsLocal("[::ffff:10.0.0.1]:1"));
  CHECK(SocketAddress::OfUnixPath("x")->IsLocal());
  CHECK_FALSE(SocketAddress().IsLocal());
}

TEST_CASE("only who has an address can be answered") {
  CHECK(SocketAddress::ParseUdp("127.0.0.1:1")->CanBeAnswered());
  SocketAddress unbound;
  CHECK_FALSE(unbound.CanBeAnswered());
  unbound.storage()->sa_family = AF_UNIX;
  unbound.set_size(sizeof(sa_family_t));
  CHECK_FALSE(unbound.CanBeAnswered());
  CHECK(unbound.ToString() == "unnamed");
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
