#include "ingest/live/network_list.h"

#include <string>

#include "doctest/doctest.h"

namespace onrush {
namespace {

bool Contains(const NetworkList& list, std::string_view host) {
  return list.Contains(*SocketAddress::ParseUdp(std::string(host) + ":1"));
}

TEST_SUITE_BEGIN("ingest/live/network_list");

TEST_CASE("this machine is always in it, others are not") {
  const NetworkList list;
  CHECK(Contains(list, "127.0.0.1"));
  CHECK(Contains(list, "[::1]"));
  CHECK(list.Contains(*SocketAddress::OfUnixPath("/run/a")));
  CHECK_FALSE(Contains(list, "10.0.0.1"));
  CHECK_FALSE(list.Contains(SocketAddress()));
}

TEST_CASE("networks are told by their first bits") {
  NetworkList list;
  REQUIRE(list.Add("10.64.0.0/10").ok());
  REQUIRE(list.Add("192.0.2.7").ok());
  REQUIRE(list.Add("fd00::/8").ok());
  CHECK(Contains(list, "10.64.0.1"));
  CHECK(Contains(list, "10.127.255.255"));
  CHECK_FALSE(Contains(list, "10.128.0.0"));
  CHECK_FALSE(Contains(list, "10.63.255.255"));
  CHECK(Contains(list, "192.0.2.7"));
  CHECK_FALSE(Contains(list, "192.0.2.6"));
  CHECK(Contains(list, "[fdff::1]"));
  CHECK_FALSE(Contains(list, "[fc00::1]"));
  CHECK(Contains(list, "[::ffff:10.64.0.1]"));
  REQUIRE(list.Add("0.0.0.0/0").ok());
  CHECK(Contains(list, "203.0.113.1"));
  CHECK_FALSE(Contains(list, "[fc00::1]"));
}

TEST_CASE("what is no network is said") {
  NetworkList list;
  for (const char* text :
       {"", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/", "10.0.0.0/8x", "x"}) {
    CAPTURE(text);
    const absl::Status status = list.Add(text);
    CHECK_FALSE(status.ok());
    CHECK(std::string(status.message()).find("10.0.0.0/8") != std::string::npos);
  }
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
