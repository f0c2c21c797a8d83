#include "ingest/live/datagram_sorter.h"

#include <string>

#include "core/block/block_writer.h"
#include "doctest/doctest.h"

namespace onrush {
namespace {

// One socket's datagrams, sorted.
struct Sorted {
  explicit Sorted(const DatagramSorterOptions& options = {}) : sorter(options) {}

  // Returns the fate that was counted. Arrivals point into `datagram`.
  DatagramFate Sort(std::string_view datagram, bool truncated = false) {
    const DatagramLedger before = sorter.ledger();
    sorter.Sort({datagram, &address, truncated}, {3, "here", &plain, 77}, arrivals, requests);
    CHECK(sorter.ledger().received() == before.received() + 1);
    CHECK(sorter.ledger().bytes == before.bytes + datagram.size());
    size_t fate = 0;
    while (before.datagrams[fate] == sorter.ledger().datagrams[fate]) ++fate;
    return static_cast<DatagramFate>(fate);
  }

  DatagramSorter sorter;
  SocketAddress address = *SocketAddress::ParseUdp("127.0.0.1:4711");
  uint64_t plain = 0;
  std::vector<Arrival> arrivals;
  std::vector<VerdictRequest> requests;
};

std::string FrameOf(FrameHeader header, std::string_view payload) {
  std::string bytes(kFrameHeaderSize, '\0');
  WriteFrameHeader(header, bytes.data());
  return bytes.append(payload);
}

FrameHeader Header(uint64_t sequence, uint16_t count) {
  FrameHeader header;
  header.sender = 0xAB;
  header.sequence = header.events_before = sequence;
  header.count = count;
  return header;
}

std::string BlockOfRows(int64_t rows) {
  BlockSchema schema;
  schema.columns = {{"n", {TypeKind::kInt}}};
  BlockWriter writer(schema);
  std::vector<Column> columns = {Column::Make({TypeKind::kInt}, 1)};
  for (int64_t i = 0; i < rows; ++i) {
    columns[0].ints[0] = i;
    writer.Add(columns, 0);
  }
  std::string block;
  REQUIRE(writer.Finish(block).ok());
  return block;
}

TEST_SUITE_BEGIN("ingest/live/datagram_sorter");

TEST_CASE("plain lines go on under their socket's name, numbered") {
  Sorted sorted;
  CHECK(sorted.Sort("a\nb\n") == DatagramFate::kPlainLines);
  CHECK(sorted.Sort("c") == DatagramFate::kPlainLines);
  REQUIRE(sorted.arrivals.size() == 2);
  const Arrival& second = sorted.arrivals[1];
  CHECK(second.kind == ArrivalKind::kRecords);
  CHECK(second.bytes == "c");
  CHECK(second.sender == "here");
  CHECK(second.line == 2);
  CHECK(second.arrived_ns == 77);
}

TEST_CASE("frames go on under their sender's name, with their number") {
  Sorted sorted;
  const std::string lines = FrameOf(Header(4, 2), "a\nb\n");
  CHECK(sorted.Sort(lines) == DatagramFate::kFrame);
  FrameHeader block_header = Header(5, 3);
  block_header.is_block = true;
  const std::string rows = BlockOfRows(3);
  const std::string block = FrameOf(block_header, rows);
  CHECK(sorted.Sort(block) == DatagramFate::kFrame);
  REQUIRE(sorted.arrivals.size() == 2);
  CHECK(sorted.arrivals[0].kind == ArrivalKind::kRecords);
  CHECK(sorted.arrivals[0].bytes == "a\nb\n");
  CHECK(sorted.arrivals[0].sender == "00000000000000ab@127.0.0.1:4711");
  CHECK(sorted.arrivals[0].line == 4);
  CHECK(sorted.arrivals[1].kind == ArrivalKind::kBlock);
  CHECK(sorted.arrivals[1].bytes == rows);
  CHECK(sorted.sorter.senders().totals().frames.events_taken == 5);
  CHECK(sorted.sorter.ledger().events_refused == 0);
}

TEST_CASE("zeros behind a block are no part of it") {
  Sorted sorted;
  FrameHeader header = Header(0, 3);
  header.is_block = true;
  const std::string rows = BlockOfRows(3);
  const std::string padded = FrameOf(header, rows + std::string(100, '\0'));
  CHECK(sorted.Sort(padded) == DatagramFate::kFrame);
  REQUIRE(sorted.arrivals.size() == 1);
  CHECK(sorted.arrivals[0].bytes == rows);
  header.sequence = 1;
  CHECK(sorted.Sort(FrameOf(header, rows + std::string(70, '\0') + "x")) ==
        DatagramFate::kWrongBlock);
}

TEST_CASE("who wants a verdict is told beside the arrivals") {
  Sorted sorted;
  const std::string silent = FrameOf(Header(0, 1), "a\n");
  FrameHeader asks = Header(1, 1);
  asks.wants_verdict = true;
  const std::string asking = FrameOf(asks, "b\n");
  sorted.Sort(silent);
  sorted.Sort(asking);
  sorted.Sort(asking);  // a repetition is not answered again
  REQUIRE(sorted.requests.size() == 1);
  CHECK(sorted.requests[0].arrival == 1);
  CHECK(sorted.requests[0].socket == 3);
  CHECK(sorted.requests[0].frame == asks);
  CHECK(sorted.requests[0].to == sorted.address);
}

TEST_CASE("what came before is dropped and counted") {
  Sorted sorted;
  CHECK(sorted.Sort(FrameOf(Header(0, 1), "a\n")) == DatagramFate::kFrame);
  CHECK(sorted.Sort(FrameOf(Header(0, 1), "a\n")) == DatagramFate::kDuplicate);
  CHECK(sorted.Sort(FrameOf(Header(100, 1), "a\n")) == DatagramFate::kFrame);
  CHECK(sorted.Sort(FrameOf(Header(1, 1), "a\n")) == DatagramFate::kTooOld);
  CHECK(sorted.arrivals.size() == 2);
}

TEST_CASE("what breaks a rule is dropped and counted by reason") {
  DatagramSorterOptions options;
  options.max_lines = 3;
  options.records_span_lines = false;
  Sorted sorted(options);
  CHECK(sorted.Sort("") == DatagramFate::kEmpty);
  CHECK(sorted.Sort("\xF5") == DatagramFate::kShort);
  CHECK(sorted.Sort("\xF5" + std::string(40, 'x')) == DatagramFate::kWrongMagic);
  CHECK(sorted.Sort("a\n", true) == DatagramFate::kTruncated);
  CHECK(sorted.Sort("a\nb\nc\nd") == DatagramFate::kTooManyLines);
  CHECK(sorted.sorter.ledger().events_refused == 0);

  CHECK(sorted.Sort(FrameOf(Header(0, 4), "a\nb\nc\nd\n")) == DatagramFate::kTooManyLines);
  CHECK(sorted.Sort(FrameOf(Header(1, 2), "a\n")) == DatagramFate::kWrongCount);
  CHECK(sorted.Sort(FrameOf(Header(2, 1), "a\nb")) == DatagramFate::kWrongCount);
  FrameHeader block = Header(3, 3);
  block.is_block = true;
  CHECK(sorted.Sort(FrameOf(block, BlockOfRows(2))) == DatagramFate::kWrongBlock);
  block.sequence = 4;
  CHECK(sorted.Sort(FrameOf(block, BlockOfRows(3) + "x")) == DatagramFate::kWrongBlock);
  block.sequence = 5;
  CHECK(sorted.Sort(FrameOf(block, "no block")) == DatagramFate::kWrongBlock);
  FrameHeader verdict;
  verdict.is_verdict = true;
  CHECK(sorted.Sort(FrameOf(verdict, "")) == DatagramFate::kVerdict);

  CHECK(sorted.arrivals.empty());
  CHECK(sorted.sorter.ledger().malformed() == sorted.sorter.ledger().received());
  CHECK(sorted.sorter.ledger().events_refused == 4 + 2 + 1 + 3 * 3);
}

TEST_CASE("a record may have several lines where the format lets it") {
  Sorted sorted;
  CHECK(sorted.Sort(FrameOf(Header(0, 1), "1,\"a\nb\"\n")) == DatagramFate::kFrame);
  CHECK(sorted.Sort(FrameOf(Header(1, 2), "1,x\n")) == DatagramFate::kWrongCount);
}

TEST_CASE("a frame without events tells how far its sender is") {
  Sorted sorted;
  FrameHeader last = Header(9, 0);
  last.is_end = true;
  CHECK(sorted.Sort(FrameOf(last, "")) == DatagramFate::kWithoutEvents);
  CHECK(sorted.arrivals.empty());
  CHECK(sorted.sorter.ledger().malformed() == 0);
  CHECK(sorted.sorter.senders().totals().frames.events_unseen == 9);
  CHECK(sorted.sorter.senders().totals().senders_ended == 1);
}

TEST_CASE("fates have names of their own") {
  for (size_t a = 0; a < kDatagramFateCount; ++a) {
    for (size_t b = 0; b < a; ++b) {
      CHECK(NameOf(static_cast<DatagramFate>(a)) != NameOf(static_cast<DatagramFate>(b)));
    }
  }
  CHECK(NameOf(DatagramFate::kTooOld) == "too_old");
  CHECK(NameOf(DatagramFate::kTooManyLines) == "too_many_lines");
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
