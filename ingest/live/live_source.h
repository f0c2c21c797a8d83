// Datagrams as a source.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/runtime/parker.h"
#include "core/runtime/source.h"
#include "core/runtime/stop_token.h"
#include "core/time.h"
#include "ingest/live/datagram_receiver.h"
#include "ingest/live/datagram_socket.h"
#include "ingest/live/datagram_sorter.h"
#include "ingest/live/socket_waiter.h"

namespace onrush {

struct LiveSourceOptions {
  std::vector<SocketAddress> addresses;  // to listen at, UDP and Unix; at least one
  DatagramSocketOptions sockets;
  DatagramSorterOptions datagrams;
  // How Next() waits for a datagram.
  WaitStrategy wait = WaitStrategy::kPark;
  // Next() returns a block without arrivals when nothing came for so long, so that its caller
  // can do what is to be done now and then; also how soon it notices `stop`, at the latest.
  Duration longest_wait{50 * 1'000'000};
  // Ends the source, once what the sockets hold is taken, or after kLongestDrain.
  StopToken stop;
};

// Description
//   Blocks of arrivals from datagram sockets, as they come, down to one: nobody waits for a block
//   to fill. Their bytes are where the kernel wrote them, in the block's memory (4.5 MB). Each
//   block is from one socket; the sockets take turns.
// Threads
//   One at a time.
class LiveSource : public Source {
 public:
  static constexpr Duration kLongestDrain{kNanosPerSecond};

  // Binds all sockets. Fails, naming the address, if one cannot be had.
  static absl::StatusOr<std::unique_ptr<LiveSource>> Open(const LiveSourceOptions& options);

  absl::StatusOr<bool> Next(TextBlock& block) override;
  // Fills `block` with what one of the sockets has, without waiting. False: none has anything, and
  // the block has no arrivals and no number.
  absl::StatusOr<bool> Poll(TextBlock& block);
  // Ends the source as LiveSourceOptions::stop does.
  void Stop() { told_to_stop_ = true; }

  bool ends_input() const override { return false; }
  bool may_wait() const override { return true; }
  uint64_t bytes_read() const override { return ledger().bytes; }
  uint64_t bytes_total() const override { return 0; }

  // Who waits for an answer to an arrival of the latest block. They may be moved away.
  std::vector<VerdictRequest>& requests() { return requests_; }

  const DatagramLedger& ledger() const { return sorter_.ledger(); }
  const SenderTable& senders() const { return sorter_.senders(); }
  // Datagrams that the kernel dropped, up to now; those that it had joined into a piece count once.
  // A system call a socket.
  uint64_t CountDropped();

  size_t socket_count() const { return inputs_.size(); }
  const DatagramSocket& socket(size_t index) const { return inputs_[index]->socket; }

 private:
  // A socket and what belongs to it; stays where it is.
  struct Input {
    explicit Input(DatagramSocket&& bound)
        : socket(std::move(bound)), receiver(socket), name(socket.address().ToString()) {}
    DatagramSocket socket;
    DatagramReceiver receiver;
    const std::string name;
    uint64_t plain_received = 0;
  };

  LiveSource(const LiveSourceOptions& options, std::vector<std::unique_ptr<Input>> inputs);
  bool ending() const { return told_to_stop_ || options_.stop.requested(); }
  absl::Status Receive(size_t socket, TextBlock& block);
  absl::StatusOr<bool> Drain(TextBlock& block);

  const LiveSourceOptions options_;
  const std::vector<std::unique_ptr<Input>> inputs_;
  SocketWaiter waiter_;
  DatagramSorter sorter_;
  std::vector<Datagram> datagrams_;
  std::vector<VerdictRequest> requests_;
  size_t next_socket_ = 0;
  uint64_t next_number_ = 0;
  bool told_to_stop_ = false;
  int64_t drain_until_ns_ = 0;  // on the monotonic clock; 0: not told to stop yet
};

}  // namespace onrush
