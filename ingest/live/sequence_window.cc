#include "ingest/live/sequence_window.h"

#include <algorithm>

namespace onrush {
namespace {

// Takes what a late frame brought off what was missing; false if less was missing.
bool TakeOff(uint64_t events, uint64_t& missing, uint64_t& change) {
  const uint64_t found = std::min(events, missing);
  missing -= found;
  change -= found;
  return found == events;
}

}  // namespace

void FrameCounts::Add(const FrameCounts& change) {
  frames_taken += change.frames_taken;
  events_taken += change.events_taken;
  frames_lost += change.frames_lost;
  events_lost += change.events_lost;
  frames_unseen += change.frames_unseen;
  events_unseen += change.events_unseen;
  frames_reordered += change.frames_reordered;
  frames_duplicate += change.frames_duplicate;
  events_duplicate += change.events_duplicate;
  frames_too_old += change.frames_too_old;
  frames_contradicting += change.frames_contradicting;
}

FrameOrder SequenceWindow::Take(const FrameHeader& frame, FrameCounts& change) {
  if (!started_) Start(frame, change);
  const FrameOrder order =
      frame.sequence >= next_ ? TakeNewer(frame, change) : TakeOlder(frame, change);
  if (IsTaken(order)) change.AddTaken(frame);
  return order;
}

void SequenceWindow::Start(const FrameHeader& frame, FrameCounts& change) {
  started_ = true;
  first_ = next_ = frame.sequence;
  next_events_ = events_unseen_ = frame.events_before;
  change.frames_unseen += frame.sequence;
  change.events_unseen += frame.events_before;
}

FrameOrder SequenceWindow::TakeNewer(const FrameHeader& frame, FrameCounts& change) {
  const uint64_t gap = frame.sequence - next_;
  if (frame.events_before < next_events_ || (gap == 0 && frame.events_before > next_events_)) {
    ++change.frames_contradicting;
  } else {
    events_lost_ += frame.events_before - next_events_;
    change.events_lost += frame.events_before - next_events_;
  }
  change.frames_lost += gap;
  came_ = gap + 1 >= kFramesRemembered ? 1 : (came_ << (gap + 1)) | 1;
  next_ = frame.sequence + 1;
  next_events_ = frame.events_before + frame.count;
  return gap == 0 ? FrameOrder::kNext : FrameOrder::kAfterGap;
}

FrameOrder SequenceWindow::TakeOlder(const FrameHeader& frame, FrameCounts& change) {
  const uint64_t behind = next_ - 1 - frame.sequence;
  if (behind >= kFramesRemembered) {
    ++change.frames_too_old;
    return FrameOrder::kTooOld;
  }
  const uint64_t bit = uint64_t{1} << behind;
  if ((came_ & bit) != 0) {
    ++change.frames_duplicate;
    change.events_duplicate += frame.count;
    return FrameOrder::kDuplicate;
  }
  came_ |= bit;
  ++change.frames_reordered;
  const bool unseen = frame.sequence < first_;
  --(unseen ? change.frames_unseen : change.frames_lost);
  if (!TakeOff(frame.count, unseen ? events_unseen_ : events_lost_,
               unseen ? change.events_unseen : change.events_lost)) {
    ++change.frames_contradicting;
  }
  return FrameOrder::kReordered;
}

}  // namespace onrush
