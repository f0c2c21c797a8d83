#include "ingest/live/datagram_sender.h"

#include <cerrno>

namespace onrush {

DatagramSender::DatagramSender(const DatagramSocket& socket)
    : socket_(socket), messages_(kMost), parts_(2 * kMost), headers_(kMost * kFrameHeaderSize) {
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
      if (errno == EINTR) continue;
      ++counts_.refused[errno];  // that of the first; the others are tried
      ++first;
      continue;
    }
    for (int i = 0; i < sent; ++i)
      counts_.bytes += messages_[first + static_cast<size_t>(i)].msg_len;
    counts_.datagrams += static_cast<uint64_t>(sent);
    first += static_cast<size_t>(sent);
  }
  waiting_ = 0;
}

}  // namespace onrush
