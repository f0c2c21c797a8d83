// From datagrams to arrivals.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/arrival.h"
#include "ingest/live/datagram_ledger.h"
#include "ingest/live/datagram_receiver.h"
#include "ingest/live/frame.h"
#include "ingest/live/sender_table.h"
#include "ingest/live/socket_address.h"

namespace onrush {

// Somebody waits for an answer to an arrival.
struct VerdictRequest {
  size_t arrival = 0;  // its index among those of the block
  size_t socket = 0;   // its index among those of the source
  FrameHeader frame;
  SocketAddress to;
};

struct DatagramSorterOptions {
  SenderTableOptions senders;
  // Datagrams with more lines are dropped: a bound on what one datagram can cost.
  size_t max_lines = 10'000;
  // False: each line is a record. True (CSV): a record may have several, so that a datagram with
  // more lines than it tells records may still be right.
  bool records_span_lines = true;
};

// Description
//   Looks at each datagram once: whole frames and plain lines become arrivals, everything else is
//   counted and dropped. The payload is looked at only as far as that is for its size: lines are
//   counted, a block's header is read.
// Threads
//   One at a time.
class DatagramSorter {
 public:
  explicit DatagramSorter(const DatagramSorterOptions& options);

  // Where datagrams were received.
  struct Origin {
    size_t socket = 0;
    std::string_view name;     // for plain lines' senders; lives as long as the source
    uint64_t* plain_received;  // counts, so that each plain datagram has a number
    int64_t received_ns = 0;   // wall clock
  };
  // Appends what is taken. Some 15 ns, and what counting lines takes.
  void Sort(const Datagram& datagram, const Origin& origin, std::vector<Arrival>& arrivals,
            std::vector<VerdictRequest>& requests);

  const DatagramLedger& ledger() const { return ledger_; }
  const SenderTable& senders() const { return senders_; }

 private:
  DatagramFate Take(const Datagram& datagram, const Origin& origin, std::vector<Arrival>& arrivals,
                    std::vector<VerdictRequest>& requests);
  DatagramFate TakeFrame(Frame& frame, const Datagram& datagram, const Origin& origin,
                         std::vector<Arrival>& arrivals, std::vector<VerdictRequest>& requests);
  // Leaves what follows a block out of the payload.
  DatagramFate LookAtPayload(Frame& frame) const;

  const DatagramSorterOptions options_;
  SenderTable senders_;
  DatagramLedger ledger_;
};

}  // namespace onrush
