#include "ingest/live/sender_table.h"

#include <algorithm>
#include <list>
#include <string>

#include "doctest/doctest.h"
#include "fmt/format.h"
#include "tests/support/allocation_counter.h"
#include "tests/support/random_source.h"

namespace onrush {
namespace {

SocketAddress Port(uint64_t port) {
  return *SocketAddress::ParseUdp(fmt::format("127.0.0.1:{}", port));
}

FrameHeader MakeFrame(uint64_t sender, uint64_t sequence) {
  FrameHeader frame;
  frame.sender = sender;
  frame.sequence = frame.events_before = sequence;
  frame.count = 1;
  return frame;
}

SenderTableOptions Senders(size_t max_senders, size_t max_names = 100) {
  SenderTableOptions options;
  options.max_senders = max_senders;
  options.max_names = max_names;
  return options;
}

// A list, the latest in front.
struct Model {
  struct Sender {
    uint64_t number;
    uint64_t port;
    SequenceWindow window;
  };

  FrameOrder Take(const FrameHeader& frame, uint64_t port, size_t max_senders) {
    auto found = std::find_if(senders.begin(), senders.end(), [&](const Sender& sender) {
      return sender.number == frame.sender && sender.port == port;
    });
    if (found == senders.end()) {
      ++totals.senders_seen;
      if (senders.size() == max_senders) {
        senders.pop_back();
        ++totals.senders_forgotten;
      }
      found = senders.insert(senders.end(), {frame.sender, port, {}});
    }
    senders.splice(senders.begin(), senders, found);
    totals.senders = senders.size();
    return senders.front().window.Take(frame, totals.frames);
  }

  std::list<Sender> senders;
  SenderTotals totals;
};

std::string Text(uint64_t number, uint64_t port) {
  return fmt::format("{:016x}@127.0.0.1:{}", number, port);
}

TEST_SUITE_BEGIN("ingest/live/sender_table");

TEST_CASE("it agrees with a list") {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    RandomSource random(seed);
    const size_t max_senders = 1 + random.Below(20);
    std::vector<SocketAddress> ports;
    for (uint64_t port = 0; port < 4; ++port) ports.push_back(Port(port));
    SenderTable table(Senders(max_senders, 1'000'000));
    Model model;
    for (int step = 0; step < 3000; ++step) {
      const FrameHeader frame = MakeFrame(random.Below(8), random.Below(200));
      const uint64_t port = random.Below(ports.size());
      const SenderTable::Taken taken = table.Take(frame, ports[port]);
      REQUIRE(taken.order == model.Take(frame, port, max_senders));
      REQUIRE(taken.sender == Text(frame.sender, port));
    }
    std::string names, model_names;
    table.ForEach([&](const auto& sender) { names += sender.name; });
    for (const auto& sender : model.senders) model_names += Text(sender.number, sender.port);
    REQUIRE(names == model_names);
    REQUIRE(table.totals().frames == model.totals.frames);
    REQUIRE(table.totals().senders == model.totals.senders);
    REQUIRE(table.totals().senders_seen == model.totals.senders_seen);
    REQUIRE(table.totals().senders_forgotten == model.totals.senders_forgotten);
  }
}

TEST_CASE("the totals are those of all senders") {
  SenderTable table(Senders(10));
  FrameCounts sum;
  for (uint64_t i = 0; i < 50; ++i) table.Take(MakeFrame(i % 7, i * 3), Port(1));
  table.ForEach([&](const auto& sender) { sum.Add(sender.counts); });
  CHECK(sum == table.totals().frames);
  CHECK(sum.frames_lost > 0);
}

TEST_CASE("a flood of senders takes no memory, and names for it end") {
  SenderTable table(Senders(16, 100));
  const SocketAddress address = Port(1);
  for (uint64_t i = 0; i < 100; ++i) table.Take(MakeFrame(i, 0), address);
  const uint64_t before = AllocationCount();
  for (uint64_t i = 100; i < 10'000; ++i) table.Take(MakeFrame(i, 0), address);
  CHECK(AllocationCount() == before);
  CHECK(table.Take(MakeFrame(10'000, 0), address).sender == "others");
  CHECK(table.totals().senders == 16);
  CHECK(table.totals().senders_seen == 10'001);
  CHECK(table.totals().senders_forgotten == 10'001 - 16);
}

TEST_CASE("a sender ends once") {
  SenderTable table(Senders(4));
  FrameHeader last = MakeFrame(1, 5);
  last.is_end = true;
  table.Take(last, Port(1));
  table.Take(last, Port(1));
  CHECK(table.totals().senders_ended == 1);
  CHECK(table.totals().frames.frames_duplicate == 1);
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
