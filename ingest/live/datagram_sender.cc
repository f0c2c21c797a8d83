#include "ingest/live/datagram_sender.h"

#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>

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
      messages_(kMost),
      datagrams_in_(kMost),
      control_(kMost * kControlBytes) {}

void DatagramSender::Add(const FrameHeader& header, std::string_view payload,
                         const SocketAddress* to) {
  if (waiting_ == kMost) Flush();
  WriteFrameHeader(header, &headers_[waiting_ * kTimedHeaderSize]);
  AddParts(header.size(), payload, to);
}

void DatagramSender::AddPlain(std::string_view payload, const SocketAddress* to) {
  if (waiting_ == kMost) Flush();
  AddParts(0, payload, to);
}

void DatagramSender::AddParts(size_t header_bytes, std::string_view payload,
                              const SocketAddress* to) {
  parts_[2 * waiting_] = {&headers_[waiting_ * kTimedHeaderSize], header_bytes};
  parts_[2 * waiting_ + 1] = {const_cast<char*>(payload.data()), payload.size()};
  addresses_[waiting_] = to;
  ++waiting_;
}

void DatagramSender::Flush() {
  const size_t count = MakeMessages();
  for (size_t first = 0; first < count;) {
    const int sent = sendmmsg(socket_.fd(), &messages_[first], static_cast<unsigned>(count - first),
                              MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) {
      const int error = errno;  // that of the first; the others are tried
      if (!IsRefused(error)) continue;
      counts_.refused[error] += datagrams_in_[first++];
      continue;
    }
    for (const size_t end = first + static_cast<size_t>(sent); first < end; ++first) {
      counts_.datagrams += datagrams_in_[first];
      counts_.bytes += messages_[first].msg_len;
    }
  }
  waiting_ = 0;
}

size_t DatagramSender::MakeMessages() {
  size_t count = 0;
  for (size_t first = 0; first < waiting_; ++count) {
    const size_t end = EndOfBundle(first);
    msghdr& message = messages_[count].msg_hdr;
    const SocketAddress* const to = addresses_[first];
    message.msg_name = to == nullptr ? nullptr : const_cast<sockaddr*>(to->get());
    message.msg_namelen = to == nullptr ? 0 : to->size();
    message.msg_iov = &parts_[2 * first];
    message.msg_iovlen = 2 * (end - first);
    message.msg_control = nullptr;
    message.msg_controllen = 0;
    if (end - first > 1) {
      WriteSegmentSize(SizeOf(first), &control_[count * kControlBytes], message);
    }
    datagrams_in_[count] = end - first;
    first = end;
  }
  return count;
}

size_t DatagramSender::EndOfBundle(size_t first) const {
  const size_t size = SizeOf(first);
  size_t end = first + 1;
  if (!options_.bundle || size == 0) return end;
  for (size_t total = size; end < waiting_; ++end) {
    const size_t next = SizeOf(end);
    total += next;
    if (next > size || next == 0 || total > kMaxDatagramBytes ||
        addresses_[end] != addresses_[first]) {
      break;
    }
    if (next < size) return end + 1;  // only the last may be shorter
  }
  return end;
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
