// What came at a socket.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "ingest/live/datagram_socket.h"
#include "ingest/live/socket_address.h"

namespace onrush {

struct Datagram {
  std::string_view bytes;               // followed by kPadding readable bytes
  const SocketAddress* from = nullptr;  // valid until the receiver's next Receive()
  bool truncated = false;               // longer than any datagram may be
};

// Description
//   Receives up to kSlots pieces in one call of recvmmsg, each into a slot of the caller's memory.
//   Where the kernel put several datagrams of one sender into a piece, they are told apart again.
// Threads
//   One at a time.
class DatagramReceiver {
 public:
  static constexpr size_t kSlots = 64;
  static constexpr size_t kPadding = 64;
  // The largest piece. More than UDP has; Unix sockets may send more, which is truncated.
  static constexpr size_t kPieceBytes = 65'536;
  // Not a multiple of 64 KiB, or the beginnings of all slots would fight for the same cache lines.
  static constexpr size_t kSlotBytes = kPieceBytes + 4096 + 192;
  static_assert(kSlotBytes >= kPieceBytes + kPadding);
  static constexpr size_t kMemoryBytes = kSlots * kSlotBytes;
  // In one call: the kernel puts up to 128 in a piece.
  static constexpr size_t kMaxDatagrams = kSlots * 128;

  // `socket` must outlive this.
  explicit DatagramReceiver(const DatagramSocket& socket);

  // Replaces `datagrams` by what is there, perhaps nothing, without waiting. `memory` has
  // kMemoryBytes, and the datagrams are in it. Fails if the socket is broken. Some 0.4 µs, and
  // 0.3 µs a piece.
  absl::Status Receive(char* memory, std::vector<Datagram>& datagrams);

  // Datagrams that the kernel dropped before the latest that was received; see
  // DatagramSocket::DroppedByKernel().
  uint64_t dropped_by_kernel() const { return dropped_; }
  // The same, up to now. A system call.
  uint64_t CountDropped();

  const DatagramSocket& socket() const { return socket_; }

 private:
  void Prepare(size_t slot);
  void NoteDropped(uint32_t dropped);
  // The size of the datagrams in a piece.
  size_t ReadControl(const msghdr& message, size_t piece_bytes);

  const DatagramSocket& socket_;
  char* memory_ = nullptr;  // that the slots point into
  std::vector<mmsghdr> messages_;
  std::vector<iovec> pieces_;
  std::vector<SocketAddress> addresses_;
  std::vector<char> control_;
  uint64_t dropped_ = 0;
};

}  // namespace onrush
