// What became of the frames of one sender.
#pragma once

#include <cstdint>

#include "ingest/live/frame.h"

namespace onrush {

// Numbers of frames and of events, for one sender or for many. Sums wrap around.
struct FrameCounts {
  uint64_t frames_taken = 0;
  uint64_t events_taken = 0;
  // Between frames that came, so far: one that comes after all is taken off again.
  uint64_t frames_lost = 0;
  uint64_t events_lost = 0;
  // Sent before the first frame that came: before there was a receiver, or lost too.
  uint64_t frames_unseen = 0;
  uint64_t events_unseen = 0;
  uint64_t frames_reordered = 0;  // among the taken: behind a newer one
  // Dropped, since their events would count twice.
  uint64_t frames_duplicate = 0;
  uint64_t events_duplicate = 0;
  // Dropped, since nobody remembers whether they came before: kFramesRemembered behind or more.
  // Their events are among the lost ones, or are duplicates.
  uint64_t frames_too_old = 0;
  uint64_t frames_contradicting = 0;  // among the taken: not the number of events before it

  void Add(const FrameCounts& change);
  void AddTaken(const FrameHeader& frame) {
    ++frames_taken;
    events_taken += frame.count;
  }
  friend bool operator==(const FrameCounts&, const FrameCounts&) = default;
};

// Where a frame stands among those of its sender.
enum class FrameOrder : uint8_t {
  kNext,       // the one that is expected, or the sender's first to come
  kAfterGap,   // newer than expected
  kReordered,  // older, and did not come before
  kDuplicate,  // came before: to be dropped
  kTooOld,     // to be dropped, see FrameCounts
};
constexpr bool IsTaken(FrameOrder order) { return order <= FrameOrder::kReordered; }

// Description
//   The next expected number and a bit for each of the last 64 frames, as IPsec has them (RFC 4303,
//   3.4.3). Gaps are told in frames and, since a frame says how many events were before it, in
//   events.
// Threads
//   One at a time.
class SequenceWindow {
 public:
  static constexpr uint64_t kFramesRemembered = 64;

  // Notes a frame if it is just what was expected, which is FrameOrder::kNext. A nanosecond.
  bool TakeIfNext(const FrameHeader& frame) {
    if (!started_ || frame.sequence != next_ || frame.events_before != next_events_) return false;
    came_ = (came_ << 1) | 1;
    ++next_;
    next_events_ += frame.count;
    return true;
  }
  // Notes any frame and adds what it changes to `change`.
  FrameOrder Take(const FrameHeader& frame, FrameCounts& change);

 private:
  void Start(const FrameHeader& frame, FrameCounts& change);
  FrameOrder TakeNewer(const FrameHeader& frame, FrameCounts& change);
  FrameOrder TakeOlder(const FrameHeader& frame, FrameCounts& change);

  bool started_ = false;
  uint64_t first_ = 0;        // the sequence number of the first frame that came
  uint64_t next_ = 0;         // one more than the largest that came
  uint64_t next_events_ = 0;  // events before `next_`
  uint64_t came_ = 0;         // bit i: the frame next_ - 1 - i came
  // Events of frames that have not come, so that a sender that contradicts itself cannot take off
  // more than was added.
  uint64_t events_lost_ = 0;
  uint64_t events_unseen_ = 0;
};

}  // namespace onrush
