// Lines as datagrams.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/runtime/sink.h"
#include "ingest/live/datagram_sender.h"
#include "ingest/live/datagram_socket.h"
#include "ingest/live/socket_address.h"

namespace onrush {

// Description
//   Sends lines to a UDP or Unix datagram socket, as many whole ones in a datagram as fit into
//   kPayloadBytes, a longer one alone. Nobody has to be there, and nobody is waited for: what
//   cannot be sent is counted and dropped, so that no call but the first fails. A Unix socket is
//   found anew each time, so that its owner may come and go.
// Threads
//   One at a time.
class DatagramSink : public LineSink {
 public:
  static constexpr size_t kPayloadBytes = 8192;

  // True for what Open() is for: `udp:HOST:PORT` and `unix:PATH`.
  static bool IsMeantBy(std::string_view output);
  // Fails with kInvalidArgument if the address cannot be read.
  static absl::StatusOr<std::unique_ptr<DatagramSink>> Open(std::string_view output);

  absl::Status Write(std::string_view whole_lines) override;
  absl::Status Flush() override;
  absl::Status Finish() override { return Flush(); }

  // Of datagrams.
  const SendCounts& counts() const { return sender_.counts(); }
  // Lines longer than a datagram may be: dropped.
  uint64_t too_long() const { return too_long_; }
  // Lines that were not sent: these, and those that the kernel refused.
  uint64_t lines_dropped() const { return too_long_ + counts().lines_refused; }

 private:
  DatagramSink(DatagramSocket socket, const SocketAddress& to);

  const DatagramSocket socket_;
  const SocketAddress to_;
  DatagramSender sender_;
  std::string pending_;  // whole lines
  uint64_t too_long_ = 0;
};

}  // namespace onrush
