// Any sequence of datagrams: each has one fate, what goes on is what it is taken for, and the
// ledger adds up.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/block/block_format.h"
#include "core/check.h"
#include "ingest/live/datagram_sorter.h"

namespace onrush {
namespace {

constexpr size_t kMaxLines = 4;

void CheckTaken(const Arrival& arrival, const Frame& frame) {
  if (arrival.kind == ArrivalKind::kBlock) {
    const size_t size = arrival.bytes.size();
    ONRUSH_CHECK(arrival.bytes == frame.payload.substr(0, size));
    ONRUSH_CHECK(frame.payload.find_first_not_of('\0', size) == frame.payload.npos);
    ONRUSH_CHECK(ReadBlockHeader(arrival.bytes)->block_size() == size);
    ONRUSH_CHECK(ReadBlockHeader(arrival.bytes)->row_count == frame.header.count);
    return;
  }
  ONRUSH_CHECK(arrival.bytes == frame.payload);
  size_t lines = 0;
  for (size_t at = 0; at < arrival.bytes.size(); ++lines) {
    at = std::min(arrival.bytes.find('\n', at), arrival.bytes.size() - 1) + 1;
  }
  ONRUSH_CHECK(lines <= kMaxLines);
  ONRUSH_CHECK(frame.status == FrameStatus::kPlainLines || frame.header.count == lines);
}

// Frames in front of some inputs, or fuzzing would seldom make one.
std::string MakeDatagram(std::string_view input) {
  if (input.size() < 4 || (input[0] & 1) == 0) return std::string(input);
  FrameHeader header;
  header.sender = static_cast<uint8_t>(input[1]) % 4;
  header.sequence = header.events_before = static_cast<uint8_t>(input[2]);
  header.count = static_cast<uint8_t>(input[3]) % 8;
  std::string datagram(kFrameHeaderSize, '\0');
  WriteFrameHeader(header, datagram.data());
  datagram[5] = static_cast<char>(input[0] >> 1);
  return datagram.append(input.substr(4));
}

void TestOneInput(std::string_view input) {
  DatagramSorterOptions options;
  options.senders.max_senders = 2;
  options.senders.max_names = 3;
  options.max_lines = kMaxLines;
  options.records_span_lines = false;
  DatagramSorter sorter(options);
  const SocketAddress address = SocketAddress();
  uint64_t plain = 0;
  uint64_t received = 0;
  std::vector<Arrival> arrivals;
  std::vector<VerdictRequest> requests;
  while (!input.empty()) {
    const size_t size = std::min<size_t>(static_cast<uint8_t>(input[0]), input.size() - 1);
    const std::string datagram = MakeDatagram(input.substr(1, size));
    input.remove_prefix(1 + size);
    arrivals.clear();
    requests.clear();
    sorter.Sort({datagram, &address, false}, {0, "here", &plain, 0}, arrivals, requests);
    ++received;
    ONRUSH_CHECK(arrivals.size() <= 1 && requests.size() <= arrivals.size());
    if (!arrivals.empty()) CheckTaken(arrivals[0], ReadFrame(datagram));
  }
  const DatagramLedger& ledger = sorter.ledger();
  ONRUSH_CHECK(ledger.received() == received);
  ONRUSH_CHECK(ledger.count(DatagramFate::kPlainLines) == plain);
  ONRUSH_CHECK(sorter.senders().totals().senders <= 2);
  ONRUSH_CHECK(ledger.events_refused <= sorter.senders().totals().frames.events_taken);
}

}  // namespace
}  // namespace onrush

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  onrush::TestOneInput({reinterpret_cast<const char*>(data), size});
  return 0;
}
