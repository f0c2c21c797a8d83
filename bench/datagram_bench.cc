// What a datagram costs, from the kernel to an arrival, and back into the kernel. Sender and
// receiver take turns on one thread, so that only the named half is timed; on loopback, what the
// kernel does to deliver is part of sending.
//
// Each bench first checks that all datagrams come, in their order.
#include <sys/socket.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "benchmark/benchmark.h"
#include "core/runtime/source.h"
#include "ingest/live/datagram_receiver.h"
#include "ingest/live/datagram_sender.h"
#include "ingest/live/datagram_socket.h"
#include "ingest/live/live_source.h"

namespace onrush {
namespace {

constexpr size_t kDatagrams = 256;  // in one turn
constexpr std::string_view kLine = "1772438400000,u58127,/product/8827\n";

template <typename T>
T Take(absl::StatusOr<T> result) {
  if (result.ok()) return *std::move(result);
  std::cerr << result.status() << '\n';
  std::exit(1);
}

void Expect(bool condition, const char* what) {
  if (condition) return;
  std::cerr << "wrong: " << what << '\n';
  std::exit(1);
}

class Turns {
 public:
  Turns()
      : source_(Take(LiveSource::Open(Options()))),
        from_(Connect()),
        sender_(from_),
        bundler_(from_, {.stop = {}, .bundle = true}) {}

  const DatagramSocket& to() const { return source_->socket(0); }
  LiveSource& source() { return *source_; }

  // A frame with one event each.
  void Send(size_t count, bool pieces) {
    DatagramSender& sender = pieces ? bundler_ : sender_;
    FrameHeader header;
    header.count = 1;
    for (size_t i = 0; i < count; ++i) {
      header.sequence = header.events_before = sent_++;
      sender.Add(header, kLine);
    }
    sender.Flush();
  }

 private:
  static LiveSourceOptions Options() {
    LiveSourceOptions options;
    options.addresses = {Take(SocketAddress::ParseUdp("127.0.0.1:0"))};
    return options;
  }
  DatagramSocket Connect() { return Take(DatagramSocket::Connect(to().address())); }

  std::unique_ptr<LiveSource> source_;
  DatagramSocket from_;
  DatagramSender sender_;
  DatagramSender bundler_;
  uint64_t sent_ = 0;
};

// Times `receive`, which returns how many datagrams it took.
template <typename Send, typename Receive>
void TimeReceiving(benchmark::State& state, Send send, Receive receive) {
  for (auto _ : state) {
    send();
    const auto start = std::chrono::steady_clock::now();
    const size_t received = receive();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    state.SetIterationTime(took.count());
    Expect(received == kDatagrams, "datagrams received");
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kDatagrams));
}

void BM_Datagram_Recv(benchmark::State& state) {
  Turns turns;
  char bytes[2048];
  TimeReceiving(
      state, [&] { turns.Send(kDatagrams, false); },
      [&] {
        size_t count = 0;
        while (recv(turns.to().fd(), bytes, sizeof(bytes), MSG_DONTWAIT) > 0) ++count;
        return count;
      });
}
BENCHMARK(BM_Datagram_Recv)->UseManualTime();

void BM_Datagram_Receive(benchmark::State& state, bool pieces) {
  Turns turns;
  DatagramReceiver receiver(turns.to());
  const auto memory = std::make_unique<char[]>(DatagramReceiver::kMemoryBytes);
  std::vector<Datagram> datagrams;
  uint64_t expected = 0;
  TimeReceiving(
      state, [&] { turns.Send(kDatagrams, pieces); },
      [&] {
        size_t count = 0;
        do {
          Expect(receiver.Receive(memory.get(), datagrams).ok(), "receiving");
          for (const Datagram& datagram : datagrams) {
            Expect(ReadFrame(datagram.bytes).header.sequence == expected++, "order");
          }
          count += datagrams.size();
        } while (!datagrams.empty());
        return count;
      });
}
BENCHMARK_CAPTURE(BM_Datagram_Receive, recvmmsg, false)->UseManualTime();
BENCHMARK_CAPTURE(BM_Datagram_Receive, gro, true)->UseManualTime();

void BM_Datagram_Source(benchmark::State& state, bool pieces) {
  Turns turns;
  TextBlock block;
  TimeReceiving(
      state, [&] { turns.Send(kDatagrams, pieces); },
      [&] {
        size_t count = 0;
        while (Take(turns.source().Poll(block))) count += block.arrivals.size();
        return count;
      });
  Expect(turns.source().senders().totals().frames.frames_lost == 0, "frames");
}
BENCHMARK_CAPTURE(BM_Datagram_Source, recvmmsg, false)->UseManualTime();
BENCHMARK_CAPTURE(BM_Datagram_Source, gro, true)->UseManualTime();

// A look at an empty socket: what spinning consists of.
void BM_Datagram_PollEmpty(benchmark::State& state) {
  Turns turns;
  TextBlock block;
  for (auto _ : state) Expect(!Take(turns.source().Poll(block)), "an empty socket");
}
BENCHMARK(BM_Datagram_PollEmpty);

void BM_Datagram_Send(benchmark::State& state, bool pieces) {
  Turns turns;
  TextBlock block;
  for (auto _ : state) {
    const auto start = std::chrono::steady_clock::now();
    turns.Send(kDatagrams, pieces);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    state.SetIterationTime(took.count());
    size_t received = 0;
    while (Take(turns.source().Poll(block))) received += block.arrivals.size();
    Expect(received == kDatagrams, "datagrams sent");
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kDatagrams));
}
BENCHMARK_CAPTURE(BM_Datagram_Send, sendmmsg, false)->UseManualTime();
BENCHMARK_CAPTURE(BM_Datagram_Send, gso, true)->UseManualTime();

// What the sorter adds to a datagram that is in memory.
void BM_Datagram_Sort(benchmark::State& state) {
  DatagramSorter sorter({});
  const SocketAddress address = Take(SocketAddress::ParseUdp("127.0.0.1:1"));
  std::string bytes(kFrameHeaderSize, '\0');
  bytes += kLine;
  FrameHeader header;
  header.count = 1;
  uint64_t plain = 0;
  std::vector<Arrival> arrivals;
  std::vector<VerdictRequest> requests;
  for (auto _ : state) {
    arrivals.clear();
    WriteFrameHeader(header, bytes.data());
    sorter.Sort({bytes, &address, false}, {0, "", &plain, 0}, arrivals, requests);
    header.events_before = ++header.sequence;
    benchmark::DoNotOptimize(arrivals.data());
  }
  Expect(sorter.senders().totals().frames.frames_taken == header.sequence, "frames taken");
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()));
}
BENCHMARK(BM_Datagram_Sort);

}  // namespace
}  // namespace onrush

BENCHMARK_MAIN();
