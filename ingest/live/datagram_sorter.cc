#include "ingest/live/datagram_sorter.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "core/block/block_format.h"

namespace onrush {
namespace {

// The last one may lack its ending.
size_t CountLines(std::string_view text) {
  const size_t first = text.find('\n');
  if (first >= text.size() - 1) return 1;  // the usual case, in fewer steps
  return static_cast<size_t>(std::count(text.begin(), text.end(), '\n')) +
         (text.ends_with('\n') ? 0 : 1);
}

// Takes zeros off the end of a payload that begins with a block of so many rows. False if it does
// not, or if anything else follows.
bool TrimToBlock(size_t rows, std::string_view& payload) {
  const absl::StatusOr<BlockHeader> header = ReadBlockHeader(payload);
  if (!header.ok() || header->row_count != rows || header->block_size() > payload.size()) {
    return false;
  }
  if (payload.find_first_not_of('\0', header->block_size()) != payload.npos) return false;
  payload = payload.substr(0, header->block_size());
  return true;
}

}  // namespace

DatagramSorter::DatagramSorter(const DatagramSorterOptions& options)
    : options_(options), senders_(options.senders) {}

void DatagramSorter::Sort(const Datagram& datagram, const Origin& origin,
                          std::vector<Arrival>& arrivals, std::vector<VerdictRequest>& requests) {
  const DatagramFate fate = Take(datagram, origin, arrivals, requests);
  ++ledger_.datagrams[static_cast<size_t>(fate)];
  ledger_.bytes += datagram.bytes.size();
}

DatagramFate DatagramSorter::Take(const Datagram& datagram, const Origin& origin,
                                  std::vector<Arrival>& arrivals,
                                  std::vector<VerdictRequest>& requests) {
  if (datagram.truncated) return DatagramFate::kTruncated;
  Frame frame = ReadFrame(datagram.bytes);
  if (frame.status == FrameStatus::kFrame) {
    return TakeFrame(frame, datagram, origin, arrivals, requests);
  }
  if (frame.status != FrameStatus::kPlainLines) return FateOf(frame.status);
  if (CountLines(frame.payload) > options_.max_lines) return DatagramFate::kTooManyLines;
  arrivals.push_back({ArrivalKind::kRecords, frame.payload, origin.name, origin.received_ns,
                      ++*origin.plain_received});
  return DatagramFate::kPlainLines;
}

DatagramFate DatagramSorter::TakeFrame(Frame& frame, const Datagram& datagram, const Origin& origin,
                                       std::vector<Arrival>& arrivals,
                                       std::vector<VerdictRequest>& requests) {
  const FrameHeader& header = frame.header;
  if (header.is_verdict) return DatagramFate::kVerdict;
  const SenderTable::Taken taken = senders_.Take(header, *datagram.from);
  if (taken.order == FrameOrder::kDuplicate) return DatagramFate::kDuplicate;
  if (taken.order == FrameOrder::kTooOld) return DatagramFate::kTooOld;
  const DatagramFate fate = LookAtPayload(frame);
  if (IsMalformed(fate)) ledger_.events_refused += header.count;
  if (fate != DatagramFate::kFrame) return fate;
  if (header.wants_verdict) {
    requests.push_back({arrivals.size(), origin.socket, header, *datagram.from});
  }
  arrivals.push_back({header.is_block ? ArrivalKind::kBlock : ArrivalKind::kRecords, frame.payload,
                      taken.sender, origin.received_ns, header.sequence});
  return DatagramFate::kFrame;
}

DatagramFate DatagramSorter::LookAtPayload(Frame& frame) const {
  const size_t count = frame.header.count;
  if (count == 0) return DatagramFate::kWithoutEvents;
  if (frame.header.is_block) {
    return TrimToBlock(count, frame.payload) ? DatagramFate::kFrame : DatagramFate::kWrongBlock;
  }
  const size_t lines = CountLines(frame.payload);
  if (lines > options_.max_lines) return DatagramFate::kTooManyLines;
  const bool right = options_.records_span_lines ? count <= lines : count == lines;
  return right ? DatagramFate::kFrame : DatagramFate::kWrongCount;
}

}  // namespace onrush
