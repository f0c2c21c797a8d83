#include "ingest/live/live_source.h"

#include <atomic>
#include <string>

#include "doctest/doctest.h"
#include "ingest/live/verdict_sender.h"
#include "tests/support/allocation_counter.h"
#include "tests/support/temporary_directory.h"

namespace onrush {
namespace {

LiveSourceOptions OnLoopback() {
  LiveSourceOptions options;
  options.addresses = {*SocketAddress::ParseUdp("127.0.0.1:0")};
  options.longest_wait = Duration{1};
  return options;
}

std::unique_ptr<LiveSource> Open(const LiveSourceOptions& options) {
  absl::StatusOr<std::unique_ptr<LiveSource>> source = LiveSource::Open(options);
  REQUIRE_MESSAGE(source.ok(), std::string(source.status().message()));
  return *std::move(source);
}

DatagramSocket ConnectTo(const DatagramSocket& receiver) {
  absl::StatusOr<DatagramSocket> socket = DatagramSocket::Connect(receiver.address());
  REQUIRE(socket.ok());
  return *std::move(socket);
}

void Send(const DatagramSocket& from, std::string_view payload, uint64_t sequence,
          bool wants_verdict = false, bool tells_time = false) {
  DatagramSender sender(from);
  FrameHeader header;
  header.count = 1;
  header.sender = 7;
  header.sequence = header.events_before = sequence;
  header.wants_verdict = wants_verdict;
  header.tells_time = tells_time;
  sender.Add(header, payload);
  sender.Flush();
}

// What the next block holds; "end" at the end.
std::string NextTexts(LiveSource& source, TextBlock& block) {
  const absl::StatusOr<bool> more = source.Next(block);
  REQUIRE(more.ok());
  if (!*more) return "end";
  std::string texts;
  for (const Arrival& arrival : block.arrivals) texts += arrival.bytes;
  return texts;
}

TEST_SUITE_BEGIN("ingest/live/live_source");

TEST_CASE("blocks hold what is there, and nothing when nothing comes") {
  const std::unique_ptr<LiveSource> source = Open(OnLoopback());
  const DatagramSocket from = ConnectTo(source->socket(0));
  TextBlock block;
  CHECK(NextTexts(*source, block).empty());
  CHECK(block.number == 0);
  Send(from, "a\n", 0);
  Send(from, "b\n", 1);
  CHECK(NextTexts(*source, block) == "a\nb\n");
  CHECK(block.number == 1);
  CHECK_FALSE(block.first_of_input);
  REQUIRE(block.arrivals.size() == 2);
  CHECK(block.arrivals[0].arrived_ns > 1'700'000'000 * kNanosPerSecond);
  CHECK(NextTexts(*source, block).empty());
  CHECK(block.number == 2);
  CHECK(block.arrivals.empty());
  CHECK(source->ledger().received() == 2);
  CHECK(source->bytes_read() == 2 * (kFrameHeaderSize + 2));
  CHECK(source->CountDropped() == 0);
}

TEST_CASE("sockets take turns") {
  TemporaryDirectory directory;
  LiveSourceOptions options = OnLoopback();
  options.addresses.push_back(*SocketAddress::OfUnixPath(directory.path() + "/in.sock"));
  const std::unique_ptr<LiveSource> source = Open(options);
  const DatagramSocket udp = ConnectTo(source->socket(0));
  const DatagramSocket local = ConnectTo(source->socket(1));
  for (const uint64_t i : {0, 1, 2}) {
    Send(udp, "u\n", i);
    Send(local, "l\n", i);
  }
  TextBlock block;
  CHECK(NextTexts(*source, block) == "u\nu\nu\n");
  Send(udp, "u\n", 3);
  CHECK(NextTexts(*source, block) == "l\nl\nl\n");
  CHECK(NextTexts(*source, block) == "u\n");
  CHECK(source->senders().totals().senders == 2);
}

TEST_CASE("once told to stop it gives what is there, and ends") {
  std::atomic<bool> stop = false;
  LiveSourceOptions options = OnLoopback();
  options.stop = StopToken(stop);
  const std::unique_ptr<LiveSource> source = Open(options);
  const DatagramSocket from = ConnectTo(source->socket(0));
  TextBlock block;
  for (uint64_t i = 0; i < 100; ++i) Send(from, "a\n", i);
  stop = true;
  CHECK(NextTexts(*source, block).size() == 2 * 64);
  CHECK(NextTexts(*source, block).size() == 2 * 36);
  CHECK(NextTexts(*source, block) == "end");
  CHECK_FALSE(source->ends_input());
}

TEST_CASE("what the kernel drops is what the numbers miss, to the event") {
  LiveSourceOptions options = OnLoopback();
  options.sockets.receive_buffer_bytes = 1;
  const std::unique_ptr<LiveSource> source = Open(options);
  const DatagramSocket from = ConnectTo(source->socket(0));
  TextBlock block;
  uint64_t sequence = 0;
  for (int round = 0; round < 5; ++round) {
    for (int i = 0; i < 300; ++i) Send(from, "a\n", sequence++);
    while (!NextTexts(*source, block).empty()) continue;
  }
  Send(from, "a\n", sequence++);  // so that what was lost last is noticed
  NextTexts(*source, block);
  const FrameCounts& frames = source->senders().totals().frames;
  CHECK(frames.frames_lost > 0);
  CHECK(frames.frames_taken + frames.frames_lost == sequence);
  CHECK(frames.events_taken + frames.events_lost == sequence);
  CHECK(source->CountDropped() == frames.frames_lost);
}

TEST_CASE("told to stop, it gives what all sockets hold before it ends") {
  LiveSourceOptions options = OnLoopback();
  options.addresses.push_back(options.addresses[0]);
  const std::unique_ptr<LiveSource> source = Open(options);
  const DatagramSocket first = ConnectTo(source->socket(0));
  const DatagramSocket second = ConnectTo(source->socket(1));
  TextBlock block;
  Send(first, "a\n", 0);
  CHECK(NextTexts(*source, block) == "a\n");
  for (uint64_t i = 0; i < 100; ++i) Send(second, "b\n", i);
  Send(first, "c\n", 1);
  source->Stop();
  size_t bytes = 0;
  for (std::string text; (text = NextTexts(*source, block)) != "end";) bytes += text.size();
  CHECK(bytes == 2 * 101);
}

TEST_CASE("verdicts go back to who asked") {
  const std::unique_ptr<LiveSource> source = Open(OnLoopback());
  const DatagramSocket from = ConnectTo(source->socket(0));
  TextBlock block;
  Send(from, "a\n", 0, true);
  Send(from, "b\n", 1, true, /*tells_time=*/true);
  NextTexts(*source, block);
  REQUIRE(source->requests().size() == 2);
  VerdictSender verdicts({&source->socket(0)}, NetworkList());
  verdicts.Add(source->requests()[0], "", 41);
  verdicts.Add(source->requests()[1], "{1}\n{2}\n", 42);
  verdicts.Flush();
  CHECK(verdicts.counts().sent == 2);

  DatagramReceiver receiver(from);
  std::vector<Datagram> datagrams;
  const auto memory = std::make_unique<char[]>(DatagramReceiver::kMemoryBytes);
  REQUIRE(receiver.Receive(memory.get(), datagrams).ok());
  REQUIRE(datagrams.size() == 2);
  CHECK_FALSE(ReadFrame(datagrams[0].bytes).header.tells_time);
  const Frame second = ReadFrame(datagrams[1].bytes);
  CHECK(second.header.is_verdict);
  CHECK(second.header.sequence == 1);
  CHECK(second.header.decided_ns == 42);
  CHECK(second.header.count == 2);
  CHECK(second.payload == "{1}\n{2}\n");
}

TEST_CASE("verdicts that cannot be sent are counted") {
  const std::unique_ptr<LiveSource> source = Open(OnLoopback());
  VerdictSender verdicts({&source->socket(0)}, NetworkList());
  VerdictRequest request;
  verdicts.Add(request, "", 0);
  CHECK(verdicts.counts().no_address == 1);
  request.to = *SocketAddress::ParseUdp("192.0.2.1:9");
  verdicts.Add(request, "", 0);
  CHECK(verdicts.counts().not_allowed == 1);
  request.to = source->socket(0).address();
  std::string lines;
  for (int i = 0; i < 10'000; ++i) lines += "{\"n\":1}\n";
  verdicts.Add(request, lines, 0);
  verdicts.Flush();
  CHECK(verdicts.counts().shortened == 1);
  CHECK(verdicts.counts().sent == 1);
}

TEST_CASE("after warm-up nothing is allocated") {
  const std::unique_ptr<LiveSource> source = Open(OnLoopback());
  const DatagramSocket from = ConnectTo(source->socket(0));
  TextBlock block;
  uint64_t sequence = 0;
  const auto receive = [&](size_t count) {
    for (size_t i = 0; i < count; ++i) Send(from, "a\n", sequence++, true);
    const uint64_t before = AllocationCount();
    CHECK(source->Next(block).ok());
    return AllocationCount() - before;
  };
  receive(64);
  CHECK(receive(64) == 0);
  CHECK(receive(1) == 0);
}

TEST_CASE("an address that is taken is named") {
  const std::unique_ptr<LiveSource> source = Open(OnLoopback());
  LiveSourceOptions options = OnLoopback();
  options.addresses.push_back(source->socket(0).address());
  const absl::StatusOr<std::unique_ptr<LiveSource>> second = LiveSource::Open(options);
  REQUIRE_FALSE(second.ok());
  CHECK(std::string(second.status().message()).find(source->socket(0).address().ToString()) !=
        std::string::npos);
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
