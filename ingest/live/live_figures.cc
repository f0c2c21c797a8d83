#include "ingest/live/live_figures.h"

#include <span>
#include <string_view>
#include <type_traits>

#include "fmt/format.h"

namespace onrush {
namespace {

static_assert(std::is_trivially_copyable_v<LiveFigures>);

struct Figure {
  std::string_view name;
  uint64_t FrameCounts::*count;
};
// What may be taken back when a late frame comes: no counters.
constexpr Figure kMissing[] = {{"frames_lost", &FrameCounts::frames_lost},
                               {"events_lost", &FrameCounts::events_lost},
                               {"frames_unseen", &FrameCounts::frames_unseen},
                               {"events_unseen", &FrameCounts::events_unseen}};
constexpr Figure kCounted[] = {{"frames_taken", &FrameCounts::frames_taken},
                               {"events_taken", &FrameCounts::events_taken},
                               {"frames_reordered", &FrameCounts::frames_reordered},
                               {"events_duplicate", &FrameCounts::events_duplicate},
                               {"frames_contradicting", &FrameCounts::frames_contradicting}};

void AppendDatagrams(const LiveFigures& figures, MetricsText& metrics) {
  metrics.BeginCounter("onrush_live_datagrams_total",
                       "Datagrams received, by what became of them: frame and plain_lines went on, "
                       "without_events had none, the others were dropped.");
  for (size_t fate = 0; fate < kDatagramFateCount; ++fate) {
    metrics.Add(figures.datagrams.datagrams[fate],
                {{"fate", NameOf(static_cast<DatagramFate>(fate))}});
  }
  metrics.BeginCounter("onrush_live_received_bytes_total", "Bytes of all datagrams received.");
  metrics.Add(figures.datagrams.bytes);
  metrics.BeginCounter("onrush_live_kernel_dropped_datagrams_total",
                       "Datagrams that the kernel dropped since the receive buffer was full; those "
                       "that it had joined into one piece count once.");
  metrics.Add(figures.dropped_by_kernel);
  metrics.BeginCounter("onrush_live_events_refused_total",
                       "Events of frames that were dropped for what they held.");
  metrics.Add(figures.datagrams.events_refused);
}

void AppendSenders(const SenderTotals& senders, MetricsText& metrics) {
  const FrameCounts& frames = senders.frames;
  metrics.BeginCounter("onrush_live_frames_taken_total", "Frames that came, none twice.");
  metrics.Add(frames.frames_taken);
  metrics.BeginCounter("onrush_live_events_taken_total", "Events of these, as their senders say.");
  metrics.Add(frames.events_taken);
  metrics.BeginCounter("onrush_live_frames_reordered_total", "Frames that came behind newer ones.");
  metrics.Add(frames.frames_reordered);
  metrics.BeginCounter("onrush_live_events_duplicate_total",
                       "Events of frames that came again and were dropped.");
  metrics.Add(frames.events_duplicate);
  metrics.BeginCounter("onrush_live_frames_contradicting_total",
                       "Frames whose number of events before them cannot be right.");
  metrics.Add(frames.frames_contradicting);
  metrics.BeginGauge("onrush_live_frames_missing",
                     "Frames that have not come: lost between others, or unseen, sent before the "
                     "first one that came.");
  metrics.Add(frames.frames_lost, {{"how", "lost"}});
  metrics.Add(frames.frames_unseen, {{"how", "unseen"}});
  metrics.BeginGauge("onrush_live_events_missing", "Events of the missing frames.");
  metrics.Add(frames.events_lost, {{"how", "lost"}});
  metrics.Add(frames.events_unseen, {{"how", "unseen"}});
  metrics.BeginGauge("onrush_live_senders", "Senders of frames that are remembered.");
  metrics.Add(senders.senders);
  metrics.BeginCounter("onrush_live_senders_seen_total", "Senders of frames that were new.");
  metrics.Add(senders.senders_seen);
  metrics.BeginCounter("onrush_live_senders_forgotten_total",
                       "Senders that were forgotten to make room for new ones.");
  metrics.Add(senders.senders_forgotten);
  metrics.BeginCounter("onrush_live_senders_ended_total",
                       "Senders that said that they would send nothing more.");
  metrics.Add(senders.senders_ended);
}

void AppendVerdicts(const VerdictCounts& verdicts, MetricsText& metrics) {
  metrics.BeginCounter("onrush_live_verdicts_total", "Verdicts, by what became of them.");
  metrics.Add(verdicts.sent, {{"fate", "sent"}});
  metrics.Add(verdicts.refused_by_kernel, {{"fate", "refused_by_kernel"}});
  metrics.Add(verdicts.not_allowed, {{"fate", "not_allowed"}});
  metrics.Add(verdicts.no_address, {{"fate", "no_address"}});
  metrics.BeginCounter("onrush_live_verdicts_shortened_total",
                       "Verdicts that had more lines than fit into a datagram.");
  metrics.Add(verdicts.shortened);
}

// ", 12 too_old" for each of the fates that is not zero.
std::string FatesText(const DatagramLedger& ledger) {
  std::string text;
  for (size_t fate = 0; fate < kDatagramFateCount; ++fate) {
    if (ledger.datagrams[fate] == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", ledger.datagrams[fate],
                        NameOf(static_cast<DatagramFate>(fate)));
  }
  return text;
}

}  // namespace

void AppendLiveMetrics(const LiveFigures& figures, MetricsText& metrics) {
  AppendDatagrams(figures, metrics);
  AppendSenders(figures.senders, metrics);
  AppendVerdicts(figures.verdicts, metrics);
}

std::string LiveFiguresJson(const LiveFigures& figures) {
  const SenderTotals& senders = figures.senders;
  std::string out = fmt::format(
      R"({{"received":{},"bytes":{},"dropped_by_kernel":{},"events_refused":{},"datagrams":)",
      figures.datagrams.received(), figures.datagrams.bytes, figures.dropped_by_kernel,
      figures.datagrams.events_refused);
  char separator = '{';
  for (size_t fate = 0; fate < kDatagramFateCount; ++fate) {
    out += fmt::format(R"({}"{}":{})", separator, NameOf(static_cast<DatagramFate>(fate)),
                       figures.datagrams.datagrams[fate]);
    separator = ',';
  }
  out += R"(},"frames":)";
  separator = '{';
  for (const auto& list : {std::span<const Figure>(kCounted), std::span<const Figure>(kMissing)}) {
    for (const Figure& figure : list) {
      out += fmt::format(R"({}"{}":{})", separator, figure.name, senders.frames.*figure.count);
      separator = ',';
    }
  }
  const VerdictCounts& verdicts = figures.verdicts;
  return out + fmt::format(R"(}},"senders":{{"known":{},"seen":{},"forgotten":{},"ended":{}}},)"
                           R"("verdicts":{{"sent":{},"refused_by_kernel":{},"not_allowed":{},)"
                           R"("no_address":{},"shortened":{}}}}})",
                           senders.senders, senders.senders_seen, senders.senders_forgotten,
                           senders.senders_ended, verdicts.sent, verdicts.refused_by_kernel,
                           verdicts.not_allowed, verdicts.no_address, verdicts.shortened);
}

std::string LiveFiguresText(const LiveFigures& figures) {
  const DatagramLedger& datagrams = figures.datagrams;
  const FrameCounts& frames = figures.senders.frames;
  std::string text = fmt::format("{} datagrams, {} bytes", datagrams.received(), datagrams.bytes);
  if (datagrams.received() > 0) text += ": " + FatesText(datagrams);
  text += '\n';
  if (figures.dropped_by_kernel > 0) {
    text += fmt::format("{} more were dropped by the kernel\n", figures.dropped_by_kernel);
  }
  if (figures.senders.senders_seen > 0) {
    text += fmt::format(
        "{} senders, {} frames with {} events; lost {} frames with {} events, before the first {} "
        "with {}; reordered {}\n",
        figures.senders.senders_seen, frames.frames_taken, frames.events_taken, frames.frames_lost,
        frames.events_lost, frames.frames_unseen, frames.events_unseen, frames.frames_reordered);
  }
  if (figures.senders.senders_forgotten > 0) {
    text += fmt::format("{} senders were forgotten to make room for others\n",
                        figures.senders.senders_forgotten);
  }
  const VerdictCounts& verdicts = figures.verdicts;
  if (verdicts.sent + verdicts.refused_by_kernel + verdicts.not_allowed + verdicts.no_address > 0) {
    text += fmt::format(
        "{} verdicts; not sent: {} refused by the kernel, {} not allowed, {} without an address\n",
        verdicts.sent, verdicts.refused_by_kernel, verdicts.not_allowed, verdicts.no_address);
  }
  return text;
}

}  // namespace onrush
