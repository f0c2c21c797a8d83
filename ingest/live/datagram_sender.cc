#include "ingest/live/datagram_sender.h"

#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace onrush {
namespace {

constexpr int kLongestWaitMs = 50;  // how soon a wish to stop is noticed
constexpr size_t kControlBytes = CMSG_SPACE(sizeof(uint16_t));

// Tells the kernel to cut a message into datagrams of `size` bytes.
void WriteSegmentSize(size_t size, char* control, msghdr& message) {
  message.msg_control = control;
  message.msg_controllen = kControlBytes;
  cmsghdr* const header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_UDP;
  header->cmsg_type = UDP_SEGMENT;
  header->cmsg_len = CMSG_LEN(sizeof(uint16_t));
  const auto segment = static_cast<uint16_t>(size);
  std::memcpy(CMSG_DATA(header), &segment, sizeof(segment));
}

}  // namespace

uint64_t SendCounts::all_refused() const {
  uint64_t sum = 0;
  for (const auto& [error, count] : refused) sum += count;
  return sum;
}

DatagramSender::DatagramSender(const DatagramSocket& socket, const DatagramSenderOptions& options)
    : socket_(socket),
      options_(options),
      headers_(kMost * kTimedHeaderSize),
      parts_(2 * kMost),
      addresses_(kMost),
      may_be_padded_(kMost),
      padded_parts_(options.bundle ? 3 * kMost : 0),
      zeros_(options.bundle ? kMaxDatagramBytes : 0),
      messages_(kMost),
      datagrams_until_(kMost),
      control_(kMost * kControlBytes) {}

void DatagramSender::Add(const FrameHeader& header, std::string_view payload,
                         const SocketAddress* to) {
  if (waiting_ == kMost) Flush();
  WriteFrameHeader(header, &headers_[waiting_ * kTimedHeaderSize]);
  AddParts(header.size(), payload, to, header.is_block);
}

void DatagramSender::AddPlain(std::string_view payload, const SocketAddress* to) {
  if (waiting_ == kMost) Flush();
  AddParts(0, payload, to, /*may_be_padded=*/false);
}

void DatagramSender::AddParts(size_t header_bytes, std::string_view payload,
                              const SocketAddress* to, bool may_be_padded) {
  parts_[2 * waiting_] = {&headers_[waiting_ * kTimedHeaderSize], header_bytes};
  parts_[2 * waiting_ + 1] = {const_cast<char*>(payload.data()), payload.size()};
  addresses_[waiting_] = to;
  may_be_padded_[waiting_] = may_be_padded;
  ++waiting_;
}

void DatagramSender::Flush() {
  const size_t count = MakeMessages();
  size_t done = 0;  // datagrams
  for (size_t first = 0; first < count;) {
    const int sent = sendmmsg(socket_.fd(), &messages_[first], static_cast<unsigned>(count - first),
                              MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) {
      const int error = errno;  // that of the first; the others are tried
      if (!IsRefused(error)) continue;
      CountRefused(error, done, datagrams_until_[first]);
      done = datagrams_until_[first++];
      continue;
    }
    for (const size_t end = first + static_cast<size_t>(sent); first < end; ++first) {
      counts_.datagrams += datagrams_until_[first] - done;
      counts_.bytes += messages_[first].msg_len;
      done = datagrams_until_[first];
    }
  }
  waiting_ = 0;
}

void DatagramSender::CountRefused(int error, size_t first, size_t end) {
  counts_.refused[error] += end - first;
  for (; first < end; ++first) {
    if (parts_[2 * first].iov_len > 0) continue;
    const iovec& payload = parts_[2 * first + 1];
    const char* const text = static_cast<const char*>(payload.iov_base);
    counts_.lines_refused += static_cast<uint64_t>(std::count(text, text + payload.iov_len, '\n'));
  }
}

size_t DatagramSender::MakeMessages() {
  size_t count = 0;
  for (size_t first = 0; first < waiting_; ++count) {
    const Bundle bundle = BundleFrom(first);
    const size_t datagrams = bundle.end - first;
    msghdr& message = messages_[count].msg_hdr;
    const SocketAddress* const to = addresses_[first];
    message.msg_name = to == nullptr ? nullptr : const_cast<sockaddr*>(to->get());
    message.msg_namelen = to == nullptr ? 0 : to->size();
    message.msg_iov = bundle.padded ? PadParts(first, bundle) : &parts_[2 * first];
    message.msg_iovlen = (bundle.padded ? 3 : 2) * datagrams;
    message.msg_control = nullptr;
    message.msg_controllen = 0;
    if (datagrams > 1) {
      WriteSegmentSize(bundle.size, &control_[count * kControlBytes], message);
    }
    datagrams_until_[count] = bundle.end;
    first = bundle.end;
  }
  return count;
}

DatagramSender::Bundle DatagramSender::BundleFrom(size_t first) const {
  const size_t size = SizeOf(first);
  Bundle bundle{first + 1, size, false};
  if (!options_.bundle || size == 0) return bundle;
  if (may_be_padded_[first] != 0) return PaddedFrom(first);
  for (size_t total = size; bundle.end < waiting_; ++bundle.end) {
    const size_t next = SizeOf(bundle.end);
    total += next;
    if (next > size || next == 0 || total > kMaxDatagramBytes || may_be_padded_[bundle.end] != 0 ||
        addresses_[bundle.end] != addresses_[first]) {
      break;
    }
    if (next == size) continue;
    ++bundle.end;  // only the last may be shorter
    break;
  }
  return bundle;
}

DatagramSender::Bundle DatagramSender::PaddedFrom(size_t first) const {
  Bundle bundle{first + 1, SizeOf(first), false};
  for (; bundle.end < waiting_; ++bundle.end) {
    const size_t size = std::max(bundle.size, SizeOf(bundle.end));
    if (may_be_padded_[bundle.end] == 0 || addresses_[bundle.end] != addresses_[first] ||
        size * (bundle.end + 1 - first) > kMaxDatagramBytes) {
      break;
    }
    bundle.size = size;
    bundle.padded = true;
  }
  return bundle;
}

iovec* DatagramSender::PadParts(size_t first, const Bundle& bundle) {
  for (size_t i = first; i < bundle.end; ++i) {
    padded_parts_[3 * i] = parts_[2 * i];
    padded_parts_[3 * i + 1] = parts_[2 * i + 1];
    padded_parts_[3 * i + 2] = {zeros_.data(), bundle.size - SizeOf(i)};
  }
  return &padded_parts_[3 * first];
}

bool DatagramSender::IsRefused(int error) const {
  if (error == EINTR) return false;
  return error != EAGAIN || !options_.wait_for_room || !AwaitRoom();
}

bool DatagramSender::AwaitRoom() const {
  pollfd room = {socket_.fd(), POLLOUT, 0};
  while (!options_.stop.requested()) {
    if (poll(&room, 1, kLongestWaitMs) > 0) return true;
  }
  return false;
}

}  // namespace onrush
