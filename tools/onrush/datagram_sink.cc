#include "tools/onrush/datagram_sink.h"

#include <algorithm>
#include <utility>

#include "core/status_macros.h"
#include "fmt/format.h"
#include "ingest/live/frame.h"

namespace onrush {
namespace {

constexpr std::string_view kUdp = "udp:";
constexpr std::string_view kUnix = "unix:";

// How many of the first bytes make a datagram: whole lines, at least one.
size_t FirstDatagram(std::string_view lines) {
  if (lines.size() <= DatagramSink::kPayloadBytes) return lines.size();
  const size_t last = lines.rfind('\n', DatagramSink::kPayloadBytes - 1);
  return (last == lines.npos ? lines.find('\n') : last) + 1;
}

}  // namespace

bool DatagramSink::IsMeantBy(std::string_view output) {
  return output.starts_with(kUdp) || output.starts_with(kUnix);
}

absl::StatusOr<std::unique_ptr<DatagramSink>> DatagramSink::Open(std::string_view output) {
  const bool is_udp = output.starts_with(kUdp);
  if (!is_udp && !output.starts_with(kUnix)) {
    return absl::InvalidArgumentError(
        fmt::format("'{}': right would be udp:HOST:PORT or unix:PATH", output));
  }
  const std::string_view where = output.substr(is_udp ? kUdp.size() : kUnix.size());
  ONRUSH_ASSIGN_OR_RETURN(const SocketAddress to, is_udp ? SocketAddress::ParseUdp(where)
                                                         : SocketAddress::OfUnixPath(where));
  ONRUSH_ASSIGN_OR_RETURN(DatagramSocket socket, DatagramSocket::Unbound(to));
  return std::unique_ptr<DatagramSink>(new DatagramSink(std::move(socket), to));
}

DatagramSink::DatagramSink(DatagramSocket socket, const SocketAddress& to)
    : socket_(std::move(socket)), to_(to), sender_(socket_) {}

absl::Status DatagramSink::Write(std::string_view whole_lines) {
  pending_ += whole_lines;
  return pending_.size() >= DatagramSender::kMost * kPayloadBytes ? Flush() : absl::OkStatus();
}

absl::Status DatagramSink::Flush() {
  for (std::string_view rest = pending_; !rest.empty();) {
    const std::string_view datagram = rest.substr(0, FirstDatagram(rest));
    rest.remove_prefix(datagram.size());
    if (datagram.size() > kMaxDatagramBytes) {
      ++too_long_;
    } else {
      sender_.AddPlain(datagram, &to_);
    }
  }
  sender_.Flush();
  pending_.clear();
  return absl::OkStatus();
}

}  // namespace onrush
