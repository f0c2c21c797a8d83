#include "ingest/live/datagram_socket.h"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "doctest/doctest.h"
#include "ingest/live/datagram_receiver.h"
#include "ingest/live/datagram_sender.h"
#include "ingest/live/socket_waiter.h"
#include "tests/support/inbox.h"
#include "tests/support/random_source.h"
#include "tests/support/temporary_directory.h"

namespace onrush {
namespace {

DatagramSocket BindLoopback(const char* address = "127.0.0.1:0",
                            const DatagramSocketOptions& options = {}) {
  absl::StatusOr<DatagramSocket> socket =
      DatagramSocket::Bind(*SocketAddress::ParseUdp(address), options);
  REQUIRE_MESSAGE(socket.ok(), std::string(socket.status().message()));
  return *std::move(socket);
}

DatagramSocket ConnectTo(const DatagramSocket& receiver) {
  absl::StatusOr<DatagramSocket> socket = DatagramSocket::Connect(receiver.address());
  REQUIRE_MESSAGE(socket.ok(), std::string(socket.status().message()));
  return *std::move(socket);
}

std::vector<std::string> SomeTexts(size_t count) {
  std::vector<std::string> texts;
  for (size_t i = 0; i < count; ++i) texts.push_back(std::string(i % 50, 'x') + std::to_string(i));
  return texts;
}

TEST_SUITE_BEGIN("ingest/live/datagram_socket");

TEST_CASE("what is sent is received, in its order") {
  for (const char* address : {"127.0.0.1:0", "[::1]:0"}) {
    CAPTURE(address);
    const DatagramSocket to = BindLoopback(address);
    const DatagramSocket from = ConnectTo(to);
    DatagramSender sender(from);
    Inbox inbox(to);
    CHECK(inbox.TakeAll().empty());
    std::vector<std::string> texts = SomeTexts(200);
    texts.push_back(std::string(kMaxDatagramBytes, 'y'));
    texts.push_back("");
    for (const std::string& text : texts) sender.AddPlain(text);
    sender.Flush();
    CHECK(sender.counts().datagrams == texts.size());
    CHECK(sender.counts().refused.empty());
    CHECK(inbox.TakeAll() == texts);
    CHECK(inbox.receiver.CountDropped() == 0);
  }
}

TEST_CASE("frames are sent, and answers find back") {
  TemporaryDirectory directory;
  const SocketAddress path = *SocketAddress::OfUnixPath(directory.path() + "/in.sock");
  absl::StatusOr<DatagramSocket> unix_socket = DatagramSocket::Bind(path);
  REQUIRE(unix_socket.ok());
  const DatagramSocket udp_socket = BindLoopback();
  for (const DatagramSocket* to : {&std::as_const(*unix_socket), &udp_socket}) {
    const DatagramSocket from = ConnectTo(*to);
    DatagramSender sender(from);
    FrameHeader header;
    header.count = 1;
    header.sequence = 5;
    header.wants_verdict = true;
    sender.Add(header, "a\n");
    CHECK(sender.waiting() == 1);
    sender.Flush();
    CHECK(sender.waiting() == 0);

    DatagramReceiver receiver(*to);
    std::vector<Datagram> datagrams;
    const auto memory = std::make_unique<char[]>(DatagramReceiver::kMemoryBytes);
    REQUIRE(receiver.Receive(memory.get(), datagrams).ok());
    REQUIRE(datagrams.size() == 1);
    const Frame question = ReadFrame(datagrams[0].bytes);
    CHECK(question.header == header);
    CHECK(question.payload == "a\n");
    CHECK(datagrams[0].from->IsLocal());
    REQUIRE(datagrams[0].from->CanBeAnswered());

    DatagramSender answers(*to);
    answers.Add(VerdictHeader(question.header, 1, 0), "{}\n", datagrams[0].from);
    answers.Flush();
    Inbox inbox(from);
    const std::vector<std::string> got = inbox.TakeAll();
    REQUIRE(got.size() == 1);
    CHECK(ReadFrame(got[0]).header.is_verdict);
    CHECK(ReadFrame(got[0]).payload == "{}\n");
  }
}

TEST_CASE("datagrams that are bundled come apart, in their order") {
  RandomSource random(5);
  for (const bool offload : {true, false}) {
    CAPTURE(offload);
    DatagramSocketOptions options;
    options.receive_offload = offload;
    const DatagramSocket to = BindLoopback("127.0.0.1:0", options);
    const DatagramSocket from = ConnectTo(to);
    std::vector<std::string> texts;
    for (int i = 0; i < 1000; ++i) {
      // Runs of one size, some of which end with a shorter one; empty ones; large ones.
      const size_t size = random.Percent(90) && i > 0 ? texts.back().size() : random.Below(3000);
      texts.push_back(std::string(random.Percent(5) ? 0 : size, static_cast<char>('a' + i % 26)));
    }
    DatagramSender sender(from, {.wait_for_room = false, .stop = {}, .bundle = true});
    Inbox inbox(to);
    std::vector<std::string> got;
    for (const std::string& text : texts) {
      sender.AddPlain(text);
      if (sender.waiting() < DatagramSender::kMost && &text != &texts.back()) continue;
      sender.Flush();
      // Before there is more than the smallest of receive buffers holds.
      for (std::string& one : inbox.TakeAll()) got.push_back(std::move(one));
    }
    CHECK(sender.counts().datagrams == texts.size());
    CHECK(got == texts);
    CHECK(inbox.receiver.CountDropped() == 0);
  }
}

TEST_CASE("bundled frames are frames of their own") {
  const DatagramSocket to = BindLoopback();
  const DatagramSocket from = ConnectTo(to);
  DatagramSender sender(from, {.wait_for_room = false, .stop = {}, .bundle = true});
  FrameHeader header;
  header.count = 1;
  for (; header.sequence < 150; ++header.sequence) sender.Add(header, "a\n");
  sender.Flush();
  Inbox inbox(to);
  const std::vector<std::string> got = inbox.TakeAll();
  REQUIRE(got.size() == 150);
  for (size_t i = 0; i < got.size(); ++i) CHECK(ReadFrame(got[i]).header.sequence == i);
}

TEST_CASE("blocks that are bundled are padded, and nothing else is") {
  RandomSource random(6);
  const DatagramSocket to = BindLoopback();
  const DatagramSocket from = ConnectTo(to);
  DatagramSender sender(from, {.wait_for_room = false, .stop = {}, .bundle = true});
  Inbox inbox(to);
  FrameHeader header;
  header.count = 1;
  for (int round = 0; round < 20; ++round) {
    std::vector<std::string> payloads;
    std::vector<bool> are_blocks;
    size_t longest = 0;
    for (size_t i = 0; i < DatagramSender::kMost; ++i) {
      payloads.emplace_back(1 + random.Below(random.Percent(90) ? 300 : 30'000), 'x');
      are_blocks.push_back(random.Percent(80));
      longest = std::max(longest, payloads.back().size());
    }
    for (size_t i = 0; i < payloads.size(); ++i) {
      header.is_block = are_blocks[i];
      sender.Add(header, payloads[i]);
    }
    sender.Flush();
    const std::vector<std::string> got = inbox.TakeAll();
    REQUIRE(got.size() == payloads.size());
    for (size_t i = 0; i < got.size(); ++i) {
      const Frame frame = ReadFrame(got[i]);
      REQUIRE(frame.header.is_block == are_blocks[i]);
      const size_t zeros = frame.payload.size() - payloads[i].size();
      REQUIRE(frame.payload == payloads[i] + std::string(zeros, '\0'));
      REQUIRE((are_blocks[i] ? frame.payload.size() <= longest : zeros == 0));
    }
  }
}

TEST_CASE("bundled blocks leave in one piece") {
  const DatagramSocket to = BindLoopback();
  const DatagramSocket from = ConnectTo(to);
  DatagramSender sender(from, {.wait_for_room = false, .stop = {}, .bundle = true});
  FrameHeader header;
  header.count = 1;
  header.is_block = true;
  const std::vector<std::string> texts = SomeTexts(20);
  for (const std::string& text : texts) sender.Add(header, text);
  sender.Flush();
  CHECK(sender.counts().datagrams == 20);
  Inbox inbox(to);
  const std::vector<std::string> got = inbox.TakeAll();
  REQUIRE(got.size() == 20);
  for (const std::string& one : got) CHECK(one.size() == got[0].size());
}

TEST_CASE("what the kernel drops is counted, during and after") {
  DatagramSocketOptions small;
  small.receive_buffer_bytes = 1;
  const DatagramSocket to = BindLoopback("127.0.0.1:0", small);
  const DatagramSocket from = ConnectTo(to);
  DatagramSender sender(from);
  Inbox inbox(to);
  size_t received = 0;
  const std::vector<std::string> texts = SomeTexts(1000);
  for (int round = 0; round < 3; ++round) {
    for (const std::string& text : texts) sender.AddPlain(text);
    sender.Flush();
    received += inbox.TakeAll().size();
  }
  CHECK(received < 3000);
  CHECK(inbox.receiver.dropped_by_kernel() > 0);
  CHECK(inbox.receiver.dropped_by_kernel() < 3000 - received);
  CHECK(inbox.receiver.CountDropped() == 3000 - received);
}

TEST_CASE("a Unix datagram that is too long is marked") {
  TemporaryDirectory directory;
  const SocketAddress path = *SocketAddress::OfUnixPath(directory.path() + "/in.sock");
  absl::StatusOr<DatagramSocket> to = DatagramSocket::Bind(path);
  REQUIRE(to.ok());
  const DatagramSocket from = ConnectTo(*to);
  DatagramSender sender(from);
  const std::string text(DatagramReceiver::kPieceBytes + 1, 'x');
  sender.AddPlain(text);
  sender.AddPlain("short");
  sender.Flush();
  REQUIRE(sender.counts().datagrams == 2);
  Inbox inbox(*to);
  const auto memory = std::make_unique<char[]>(DatagramReceiver::kMemoryBytes);
  REQUIRE(inbox.receiver.Receive(memory.get(), inbox.datagrams).ok());
  REQUIRE(inbox.datagrams.size() == 2);
  CHECK(inbox.datagrams[0].truncated);
  CHECK_FALSE(inbox.datagrams[1].truncated);
}

TEST_CASE("a full Unix socket refuses, which is counted") {
  TemporaryDirectory directory;
  const SocketAddress path = *SocketAddress::OfUnixPath(directory.path() + "/in.sock");
  absl::StatusOr<DatagramSocket> to = DatagramSocket::Bind(path);
  REQUIRE(to.ok());
  const DatagramSocket from = ConnectTo(*to);
  DatagramSender sender(from);
  for (int i = 0; i < 5000; ++i) sender.AddPlain("x");
  sender.Flush();
  Inbox inbox(*to);
  REQUIRE(sender.counts().refused.size() == 1);
  CHECK(sender.counts().refused.at(EAGAIN) == 5000 - sender.counts().datagrams);
  CHECK(inbox.TakeAll().size() == sender.counts().datagrams);
}

TEST_CASE("who is told to stop waits for no room") {
  TemporaryDirectory directory;
  const SocketAddress path = *SocketAddress::OfUnixPath(directory.path() + "/in.sock");
  absl::StatusOr<DatagramSocket> to = DatagramSocket::Bind(path);
  REQUIRE(to.ok());
  const DatagramSocket from = ConnectTo(*to);
  const std::atomic<bool> stop = true;
  DatagramSender sender(from, {.wait_for_room = true, .stop = StopToken(stop)});
  for (int i = 0; i < 5000; ++i) sender.AddPlain("x");
  sender.Flush();
  CHECK(sender.counts().refused.at(EAGAIN) == 5000 - sender.counts().datagrams);
}

TEST_CASE("nobody at the other end is an error of the sending, not of the receiving") {
  SocketAddress address;
  {
    const DatagramSocket gone = BindLoopback();
    address = gone.address();
  }
  absl::StatusOr<DatagramSocket> from = DatagramSocket::Connect(address);
  REQUIRE(from.ok());
  DatagramSender sender(*from);
  for (int i = 0; i < 4; ++i) {
    sender.AddPlain("x");
    sender.Flush();
  }
  CHECK(sender.counts().refused.at(ECONNREFUSED) == 2);
  CHECK(sender.counts().datagrams == 2);
  Inbox inbox(*from);
  CHECK(inbox.TakeAll().empty());
}

TEST_CASE("the path of a Unix socket goes with it, and is free once its owner is gone") {
  TemporaryDirectory directory;
  const std::string file = directory.path() + "/in.sock";
  const SocketAddress path = *SocketAddress::OfUnixPath(file);
  struct stat status = {};
  {
    absl::StatusOr<DatagramSocket> socket = DatagramSocket::Bind(path);
    REQUIRE(socket.ok());
    CHECK(stat(file.c_str(), &status) == 0);
    const absl::StatusOr<DatagramSocket> second = DatagramSocket::Bind(path);
    REQUIRE_FALSE(second.ok());
    CHECK(std::string(second.status().message()).find(file) != std::string::npos);
  }
  CHECK(stat(file.c_str(), &status) != 0);
  const int abandoned = socket(AF_UNIX, SOCK_DGRAM, 0);
  REQUIRE(bind(abandoned, path.get(), path.size()) == 0);
  close(abandoned);
  REQUIRE(stat(file.c_str(), &status) == 0);
  CHECK(DatagramSocket::Bind(path).ok());
  directory.Write("in.sock", "no socket");
  CHECK_FALSE(DatagramSocket::Bind(path).ok());
  CHECK(stat(file.c_str(), &status) == 0);
}

TEST_CASE("a port that is taken is named") {
  const DatagramSocket socket = BindLoopback();
  const absl::StatusOr<DatagramSocket> second = DatagramSocket::Bind(socket.address());
  REQUIRE_FALSE(second.ok());
  CHECK(std::string(second.status().message()).find(socket.address().ToString()) !=
        std::string::npos);
  CHECK(socket.receive_buffer_bytes() > 100'000);
}

TEST_CASE("parking ends when something is there") {
  const DatagramSocket to = BindLoopback();
  const DatagramSocket from = ConnectTo(to);
  DatagramSender sender(from);
  sender.AddPlain("x");
  sender.Flush();
  constexpr Duration kForever{3600 * kNanosPerSecond};
  for (const WaitStrategy strategy :
       {WaitStrategy::kSpin, WaitStrategy::kYield, WaitStrategy::kPark}) {
    SocketWaiter({to.fd()}, strategy).Wait(kForever);
  }
  Inbox inbox(to);
  CHECK(inbox.TakeAll().size() == 1);
  SocketWaiter({to.fd()}, WaitStrategy::kPark).Wait(Duration{1});
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
