#include "ingest/live/datagram_sender.h"

#include <poll.h>

#include <cerrno>

namespace onrush {
namespace {

constexpr int kLongestWaitMs = 50;  // how soon a wish to stop is noticed

}  // namespace

DatagramSender::DatagramSender(const DatagramSocket& socket, Patience patience, StopToken stop)
    : socket_(socket),
      patience_(patience),
      stop_(stop),
      messages_(kMost),
      parts_(2 * kMost),
      headers_(kMost * kFrameHeaderSize) {
  for (size_t i = 0; i < kMost; ++i) {
    parts_[2 * i] = {&headers_[i * kFrameHeaderSize], kFrameHeaderSize};
  }
}

msghdr& DatagramSender::Next(std::string_view payload, const SocketAddress* to) {
  if (waiting_ == kMost) Flush();
  msghdr& message = messages_[waiting_].msg_hdr;
  message.msg_name = to == nullptr ? nullptr : const_cast<sockaddr*>(to->get());
  message.msg_namelen = to == nullptr ? 0 : to->size();
  parts_[2 * waiting_ + 1] = {const_cast<char*>(payload.data()), payload.size()};
  ++waiting_;
  return message;
}

void DatagramSender::Add(const FrameHeader& header, std::string_view payload,
                         const SocketAddress* to) {
  msghdr& message = Next(payload, to);
  iovec* const parts = &parts_[2 * (waiting_ - 1)];
  WriteFrameHeader(header, static_cast<char*>(parts[0].iov_base));
  message.msg_iov = parts;
  message.msg_iovlen = 2;
}

void DatagramSender::AddPlain(std::string_view payload, const SocketAddress* to) {
  msghdr& message = Next(payload, to);
  message.msg_iov = &parts_[2 * (waiting_ - 1) + 1];
  message.msg_iovlen = 1;
}

void DatagramSender::Flush() {
  for (size_t first = 0; first < waiting_;) {
    const int sent = sendmmsg(socket_.fd(), &messages_[first],
                              static_cast<unsigned>(waiting_ - first), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) {
      const int error = errno;  // that of the first; the others are tried
      if (IsRefused(error)) {
        ++counts_.refused[error];
        ++first;
      }
      continue;
    }
    for (int i = 0; i < sent; ++i)
      counts_.bytes += messages_[first + static_cast<size_t>(i)].msg_len;
    counts_.datagrams += static_cast<uint64_t>(sent);
    first += static_cast<size_t>(sent);
  }
  waiting_ = 0;
}

bool DatagramSender::IsRefused(int error) const {
  if (error == EINTR) return false;
  return error != EAGAIN || patience_ == kCountRefused || !AwaitRoom();
}

bool DatagramSender::AwaitRoom() const {
  pollfd room = {socket_.fd(), POLLOUT, 0};
  while (!stop_.requested()) {
    if (poll(&room, 1, kLongestWaitMs) > 0) return true;
  }
  return false;
}

}  // namespace onrush
