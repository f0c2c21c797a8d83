// Who sends frames, and what became of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/live/frame.h"
#include "ingest/live/sequence_window.h"
#include "ingest/live/socket_address.h"

namespace onrush {

struct SenderTableOptions {
  // At the limit, whoever was silent longest is forgotten; if it sends again it is a new sender,
  // and a repetition of what it sent before is not noticed. 1 or more; some 350 bytes each.
  size_t max_senders = 1024;
  // Names are kept for good. Senders past so many are called `other_name`. Some 80 bytes each.
  size_t max_names = 4096;
  std::string other_name = "others";
};

struct SenderTotals {
  FrameCounts frames;  // of all senders, also of those that were forgotten
  uint64_t senders = 0;
  uint64_t senders_seen = 0;  // those that were forgotten and came again count again
  uint64_t senders_forgotten = 0;
  uint64_t senders_ended = 0;  // said that they would send nothing more
};

// Description
//   A sender is its number and its address together, so that nobody can speak for another. A hash
//   table whose memory is taken at the start, and a list from the latest to the one that was silent
//   longest. About 10 ns for a frame of the sender before, 30 ns otherwise; a new sender costs a
//   microsecond until the names are used up.
// Threads
//   One at a time.
class SenderTable {
 public:
  explicit SenderTable(SenderTableOptions options);

  struct Taken {
    FrameOrder order;
    std::string_view sender;  // "0123456789abcdef@127.0.0.1:4711"; valid as long as the table
  };
  Taken Take(const FrameHeader& frame, const SocketAddress& address);

  const SenderTotals& totals() const { return totals_; }

  struct Sender {
    uint64_t number = 0;
    SocketAddress address;
    std::string_view name;
    SequenceWindow window;
    FrameCounts counts;
    bool ended = false;

   private:
    friend class SenderTable;
    uint32_t next_in_bucket = 0;
    uint32_t newer = 0, older = 0;  // in the order of their latest frames
  };
  // Calls `visit(const Sender&)` for all that are known, the latest first.
  template <typename Visit>
  void ForEach(Visit visit) const {
    for (uint32_t i = latest_; i != kNone; i = senders_[i].older) visit(senders_[i]);
  }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;

  FrameOrder Count(const FrameHeader& frame, Sender& sender);
  uint32_t& BucketOf(uint64_t number, const SocketAddress& address);
  uint32_t Find(const FrameHeader& frame, const SocketAddress& address);
  uint32_t Add(const FrameHeader& frame, const SocketAddress& address);
  uint32_t ForgetOldest();
  void Unlink(uint32_t index);
  void LinkAsLatest(uint32_t index);
  std::string_view NewName(uint64_t number, const SocketAddress& address);

  const SenderTableOptions options_;
  const uint64_t hash_seed_;
  std::vector<Sender> senders_;
  std::vector<uint32_t> buckets_;  // a power of two; the first sender of each
  uint32_t latest_ = kNone;
  uint32_t oldest_ = kNone;
  std::deque<std::string> names_;  // whose elements never move
  SenderTotals totals_;
};

}  // namespace onrush
