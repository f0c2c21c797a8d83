// What sending came to.
#pragma once

#include <string>

#include "ingest/live/datagram_sender.h"
#include "tools/onrush/send/answer_times.h"
#include "tools/onrush/send/send_load.h"
#include "tools/onrush/send/send_run.h"

namespace onrush {

struct SendReport {
  const SendLoad& load;
  const SendResult& result;
  const SendCounts& counts;
  const AnswerTimes* times = nullptr;  // null: nobody waited for verdicts
};

// For people; the times only if `with_times`.
std::string SendSummary(const SendReport& report, bool with_times);

// One JSON object in one line. Times are in nanoseconds; `verdicts` and the times are null where
// nobody waited for them, and the time of the decision where no answer told one of this clock.
std::string SendStatsJson(const SendReport& report);

}  // namespace onrush
