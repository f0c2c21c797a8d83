// What live input came to, for those who watch and for the end of a run.
#pragma once

#include <cstdint>
#include <string>

#include "core/metrics/metrics_text.h"
#include "ingest/live/datagram_ledger.h"
#include "ingest/live/sender_table.h"
#include "ingest/live/verdict_sender.h"

namespace onrush {

// Numbers only, so that Published<LiveFigures> hands them to another thread.
struct LiveFigures {
  DatagramLedger datagrams;
  SenderTotals senders;
  uint64_t dropped_by_kernel = 0;
  VerdictCounts verdicts;
};

// As metrics, all of whose names begin with onrush_live_.
void AppendLiveMetrics(const LiveFigures& figures, MetricsText& metrics);

// As one JSON object, without a newline.
std::string LiveFiguresJson(const LiveFigures& figures);

// For people: whole lines, those of what did not happen left out.
std::string LiveFiguresText(const LiveFigures& figures);

}  // namespace onrush
