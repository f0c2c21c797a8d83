#include "tools/onrush/send/answer_times.h"

#include <algorithm>

namespace onrush {

bool AnswerTimes::NoteAnswer(uint64_t sequence, int64_t now, std::optional<int64_t> decided) {
  if (sequence >= sent_.size() || sent_[sequence].answered) return false;
  Sent& sent = sent_[sequence];
  sent.answered = true;
  ++answers_;
  since_due_.Add(static_cast<uint64_t>(std::max<int64_t>(0, now - sent.due)));
  since_sent_.Add(static_cast<uint64_t>(std::max<int64_t>(0, now - sent.sent)));
  if (decided && *decided >= sent.sent && *decided <= now) {
    to_decision_.Add(static_cast<uint64_t>(*decided - sent.sent));
  }
  return true;
}

}  // namespace onrush
