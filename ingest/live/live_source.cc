#include "ingest/live/live_source.h"

#include <cstring>
#include <utility>

#include "core/check.h"
#include "core/runtime/clock.h"
#include "core/runtime/wall_clock.h"
#include "core/status_macros.h"

namespace onrush {
namespace {

static_assert(DatagramReceiver::kPadding >= TextBlock::kPadding);

void TakeMemory(TextBlock& block) {
  if (block.memory_size >= DatagramReceiver::kMemoryBytes) return;
  block.memory_size = DatagramReceiver::kMemoryBytes;
  // Written to, so that no datagram is the first to touch a page.
  block.memory = std::make_unique<char[]>(block.memory_size);
}

std::vector<int> DescriptorsOf(const auto& inputs) {
  std::vector<int> descriptors;
  for (const auto& input : inputs) descriptors.push_back(input->socket.fd());
  return descriptors;
}

}  // namespace

absl::StatusOr<std::unique_ptr<LiveSource>> LiveSource::Open(const LiveSourceOptions& options) {
  ONRUSH_CHECK(!options.addresses.empty());
  std::vector<std::unique_ptr<Input>> inputs;
  for (const SocketAddress& address : options.addresses) {
    ONRUSH_ASSIGN_OR_RETURN(DatagramSocket socket, DatagramSocket::Bind(address, options.sockets));
    inputs.push_back(std::make_unique<Input>(std::move(socket)));
  }
  return std::unique_ptr<LiveSource>(new LiveSource(options, std::move(inputs)));
}

LiveSource::LiveSource(const LiveSourceOptions& options, std::vector<std::unique_ptr<Input>> inputs)
    : options_(options),
      inputs_(std::move(inputs)),
      waiter_(DescriptorsOf(inputs_), options.wait),
      sorter_(options.datagrams) {
  datagrams_.reserve(DatagramReceiver::kMaxDatagrams);
}

absl::StatusOr<bool> LiveSource::Next(TextBlock& block) {
  if (ending()) return Drain(block);
  ONRUSH_ASSIGN_OR_RETURN(bool found, Poll(block));
  if (found) return true;
  SystemClock clock;
  const int64_t until = clock.Now().ns + options_.longest_wait.ns;
  for (int64_t now = 0; !found && now < until; now = clock.Now().ns) {
    waiter_.Wait(options_.longest_wait);
    if (ending()) return Drain(block);
    ONRUSH_ASSIGN_OR_RETURN(found, Poll(block));
  }
  if (!found) block.number = next_number_++;
  return true;
}

// Takes what was sent before the wish to end.
absl::StatusOr<bool> LiveSource::Drain(TextBlock& block) {
  const int64_t now = SystemClock().Now().ns;
  if (drain_until_ns_ == 0) drain_until_ns_ = now + kLongestDrain.ns;
  if (now >= drain_until_ns_) return false;
  return Poll(block);
}

absl::StatusOr<bool> LiveSource::Poll(TextBlock& block) {
  for (size_t tried = 0; tried < inputs_.size(); ++tried) {
    const size_t socket = next_socket_;
    next_socket_ = socket + 1 == inputs_.size() ? 0 : socket + 1;
    ONRUSH_RETURN_IF_ERROR(Receive(socket, block));
    if (!datagrams_.empty()) {
      block.number = next_number_++;
      return true;
    }
  }
  return false;
}

absl::Status LiveSource::Receive(size_t socket, TextBlock& block) {
  TakeMemory(block);
  block.arrivals.clear();
  requests_.clear();
  Input& input = *inputs_[socket];
  block.file = input.name;
  ONRUSH_RETURN_IF_ERROR(input.receiver.Receive(block.memory.get(), datagrams_));
  if (datagrams_.empty()) return absl::OkStatus();
  // One look at the clock for all: they were there at the same time.
  const DatagramSorter::Origin origin{socket, input.name, &input.plain_received, WallClockNs()};
  for (const Datagram& datagram : datagrams_) {
    sorter_.Sort(datagram, origin, block.arrivals, requests_);
  }
  return absl::OkStatus();
}

uint64_t LiveSource::CountDropped() {
  uint64_t sum = 0;
  for (const auto& input : inputs_) sum += input->receiver.CountDropped();
  return sum;
}

}  // namespace onrush
