#include <cerrno>
#include <memory>
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "tests/support/inbox.h"
#include "tests/support/temporary_directory.h"
#include "tools/onrush/datagram_sink.h"

namespace onrush {
namespace {

std::string Line(size_t size) { return std::string(size - 1, 'x') + '\n'; }

TEST_SUITE_BEGIN("tools/onrush/datagram_sink");

TEST_CASE("lines written together are sent together, never in parts") {
  const auto to = DatagramSocket::Bind(*SocketAddress::ParseUdp("127.0.0.1:0"));
  REQUIRE(to.ok());
  const auto sink = DatagramSink::Open("udp:" + to->address().ToString());
  REQUIRE(sink.ok());
  CHECK((*sink)->Write("a\nb\n").ok());
  CHECK((*sink)->Write("c\n").ok());
  CHECK(Inbox(*to).TakeAll().empty());
  CHECK((*sink)->Flush().ok());
  CHECK((*sink)->Flush().ok());
  CHECK(Inbox(*to).TakeAll() == std::vector<std::string>{"a\nb\nc\n"});

  constexpr size_t kFull = DatagramSink::kPayloadBytes;
  CHECK(
      (*sink)->Write(Line(kFull - 10) + Line(10) + Line(20) + Line(kFull + 1) + Line(70'000)).ok());
  CHECK((*sink)->Write("d\n").ok());
  CHECK((*sink)->Finish().ok());
  CHECK(Inbox(*to).TakeAll() ==
        std::vector<std::string>{Line(kFull - 10) + Line(10), Line(20), Line(kFull + 1), "d\n"});
  CHECK((*sink)->too_long() == 1);
  CHECK((*sink)->lines_dropped() == 1);
}

TEST_CASE("a Unix socket's owner may come and go") {
  TemporaryDirectory directory;
  const std::string path = directory.path() + "/out.sock";
  const auto sink = DatagramSink::Open("unix:" + path);
  REQUIRE(sink.ok());
  const auto write = [&](const char* line) {
    CHECK((*sink)->Write(line).ok());
    CHECK((*sink)->Flush().ok());
  };
  write("lost\nlost too\n");
  for (int i = 0; i < 2; ++i) {
    const auto owner = DatagramSocket::Bind(*SocketAddress::OfUnixPath(path));
    REQUIRE(owner.ok());
    write("a\n");
    CHECK(Inbox(*owner).TakeAll() == std::vector<std::string>{"a\n"});
  }
  CHECK((*sink)->counts().datagrams == 2);
  CHECK((*sink)->counts().refused.at(ENOENT) == 1);
  CHECK((*sink)->lines_dropped() == 2);
}

TEST_CASE("what it is meant by is told from file names") {
  CHECK(DatagramSink::IsMeantBy("udp:127.0.0.1:1"));
  CHECK(DatagramSink::IsMeantBy("unix:/run/a"));
  CHECK_FALSE(DatagramSink::IsMeantBy("alerts.jsonl"));
  CHECK_FALSE(DatagramSink::IsMeantBy("-"));
  CHECK_FALSE(DatagramSink::Open("udp:127.0.0.1").ok());
  CHECK_FALSE(DatagramSink::Open("alerts.jsonl").ok());
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
