// How long answers took.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/metrics/histogram.h"

namespace onrush {

// Description
//   For each datagram, when it was due and sent, and once answered, how long that took from
//   either. From when it was due is what somebody who depends on the answer sees: a sender that
//   was held up hides nothing. Beside them, how long this very thread was held up: gaps between two
//   looks at the clock with nothing done in between, so that what the machine did to the sender is
//   not taken for the receiver's.
// Threads
//   One at a time.
class AnswerTimes {
 public:
  // Anything longer between two looks at the clock is somebody else's doing.
  static constexpr int64_t kShortestStallNs = 5000;

  explicit AnswerTimes(size_t datagrams) : sent_(datagrams) {}

  // Times are in nanoseconds on one clock.
  void NoteSent(uint64_t sequence, int64_t due, int64_t now) {
    sent_[sequence] = {due, now, false};
  }
  // False if that was not sent, or is answered already. `decided`: when the answer was, if it
  // tells.
  bool NoteAnswer(uint64_t sequence, int64_t now, std::optional<int64_t> decided = {});
  // Two looks at the clock, one after the other.
  void NoteIdle(int64_t before, int64_t after) {
    idle_ns_ += after - before;
    if (after - before > kShortestStallNs) stalls_.Add(static_cast<uint64_t>(after - before));
  }

  uint64_t answers() const { return answers_; }
  const Histogram& since_due() const { return since_due_; }
  const Histogram& since_sent() const { return since_sent_; }
  // From when it was sent to when it was decided. Without answers that were decided before they
  // were sent, or after they came: by another clock.
  const Histogram& to_decision() const { return to_decision_; }
  const Histogram& stalls() const { return stalls_; }
  // For how long stalls were looked for.
  int64_t idle_ns() const { return idle_ns_; }

 private:
  struct Sent {
    int64_t due = 0;
    int64_t sent = 0;
    bool answered = true;  // nothing to wait for
  };
  std::vector<Sent> sent_;
  uint64_t answers_ = 0;
  int64_t idle_ns_ = 0;
  Histogram since_due_;
  Histogram since_sent_;
  Histogram to_decision_;
  Histogram stalls_;
};

}  // namespace onrush
