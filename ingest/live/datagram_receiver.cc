#include "ingest/live/datagram_receiver.h"

#include <netinet/in.h>
#include <netinet/udp.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "fmt/format.h"

namespace onrush {
namespace {

// Room for what the kernel says of a piece: datagrams dropped, and the size of its datagrams.
constexpr size_t kControlBytes = CMSG_SPACE(sizeof(uint32_t)) + CMSG_SPACE(sizeof(int));

template <typename T>
T ControlValue(const cmsghdr& control) {
  T value = {};
  std::memcpy(&value, CMSG_DATA(&control), sizeof(value));
  return value;
}

bool IsBroken(int error) {
  // The third: an answer sent from here was refused, which is no matter of what comes in.
  return error != EAGAIN && error != EINTR && error != ECONNREFUSED;
}

}  // namespace

DatagramReceiver::DatagramReceiver(const DatagramSocket& socket)
    : socket_(socket),
      messages_(kSlots),
      pieces_(kSlots),
      addresses_(kSlots),
      control_(kSlots * kControlBytes) {
  for (size_t slot = 0; slot < kSlots; ++slot) {
    pieces_[slot].iov_len = kPieceBytes;
    msghdr& message = messages_[slot].msg_hdr;
    message.msg_name = addresses_[slot].storage();
    message.msg_iov = &pieces_[slot];
    message.msg_iovlen = 1;
    message.msg_control = &control_[slot * kControlBytes];
    Prepare(slot);
  }
}

void DatagramReceiver::Prepare(size_t slot) {
  msghdr& message = messages_[slot].msg_hdr;
  message.msg_namelen = SocketAddress::kCapacity;
  message.msg_controllen = kControlBytes;
  message.msg_flags = 0;
}

absl::Status DatagramReceiver::Receive(char* memory, std::vector<Datagram>& datagrams) {
  datagrams.clear();
  if (memory != memory_) {
    memory_ = memory;
    for (size_t slot = 0; slot < kSlots; ++slot) {
      pieces_[slot].iov_base = memory + slot * kSlotBytes;
    }
  }
  const int received = recvmmsg(socket_.fd(), messages_.data(), kSlots, MSG_DONTWAIT, nullptr);
  if (received < 0) {
    const int error = errno;
    if (!IsBroken(error)) return absl::OkStatus();
    return absl::UnavailableError(
        fmt::format("receiving at {}: {}", socket_.address().ToString(), std::strerror(error)));
  }
  for (size_t slot = 0; slot < static_cast<size_t>(received); ++slot) {
    const msghdr& message = messages_[slot].msg_hdr;
    const std::string_view piece(memory + slot * kSlotBytes, messages_[slot].msg_len);
    addresses_[slot].set_size(message.msg_namelen);
    const bool truncated = (message.msg_flags & MSG_TRUNC) != 0;
    const size_t size = ReadControl(message, piece.size());
    size_t at = 0;
    do {  // an empty piece is an empty datagram
      datagrams.push_back({piece.substr(at, size), &addresses_[slot], truncated});
      at += size;
    } while (at < piece.size());
    Prepare(slot);
  }
  return absl::OkStatus();
}

size_t DatagramReceiver::ReadControl(const msghdr& message, size_t piece_bytes) {
  size_t size = piece_bytes;
  for (const cmsghdr* control = CMSG_FIRSTHDR(&message); control != nullptr;
       control = CMSG_NXTHDR(const_cast<msghdr*>(&message), const_cast<cmsghdr*>(control))) {
    if (control->cmsg_level == SOL_SOCKET && control->cmsg_type == SO_RXQ_OVFL) {
      NoteDropped(ControlValue<uint32_t>(*control));
    } else if (control->cmsg_level == SOL_UDP && control->cmsg_type == UDP_GRO) {
      size = static_cast<size_t>(std::max(1, ControlValue<int>(*control)));
    }
  }
  return size;
}

void DatagramReceiver::NoteDropped(uint32_t dropped) {
  // The kernel counts in 32 bits; what was told before may be older than what SO_MEMINFO told.
  const auto more = static_cast<int32_t>(dropped - static_cast<uint32_t>(dropped_));
  if (more > 0) dropped_ += static_cast<uint32_t>(more);
}

uint64_t DatagramReceiver::CountDropped() {
  NoteDropped(socket_.DroppedByKernel());
  return dropped_;
}

}  // namespace onrush
