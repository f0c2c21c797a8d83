#include "tools/onrush/send/send_report.h"

#include <cstring>

#include "core/metrics/histogram.h"
#include "fmt/format.h"
#include "operators/sinks/text_table.h"
#include "tools/onrush/percentiles.h"
#include "tools/onrush/run_report.h"

namespace onrush {
namespace {

double Seconds(int64_t ns) { return static_cast<double>(ns) / 1e9; }

double PerSecond(uint64_t number, int64_t ns) {
  return ns > 0 ? static_cast<double>(number) / Seconds(ns) : 0;
}

// "12.3": in microseconds.
std::string Microseconds(uint64_t ns) {
  return fmt::format("{:.1f}", static_cast<double>(ns) / 1e3);
}

// "ENOBUFS".
std::string NameOfError(int error) {
  const char* const name = strerrorname_np(error);
  return name != nullptr ? name : fmt::format("errno_{}", error);
}

void AppendTimesRow(std::string_view name, const Histogram& times, TextTable& table) {
  std::vector<std::string> cells = {std::string(name), WithThousands(times.count())};
  for (const NamedShare& share : kPercentiles)
    cells.push_back(Microseconds(times.Percentile(share.share)));
  cells.push_back(Microseconds(times.max()));
  table.AddRow(std::move(cells));
}

std::string DecisionJson(const AnswerTimes& times) {
  return times.to_decision().count() == 0 ? "null" : PercentilesJson(times.to_decision());
}

std::string TimesTable(const AnswerTimes& times) {
  std::vector<TextTable::Heading> headings = {{"in us"}, {"count", true}};
  for (const NamedShare& share : kPercentiles) headings.push_back({std::string(share.name), true});
  headings.push_back({"max", true});
  TextTable table(std::move(headings));
  AppendTimesRow("due to answer", times.since_due(), table);
  AppendTimesRow("sent to answer", times.since_sent(), table);
  // Only a receiver on the same machine is asked for it.
  if (times.to_decision().count() > 0) {
    AppendTimesRow("sent to decided", times.to_decision(), table);
  }
  AppendTimesRow("held up, here", times.stalls(), table);
  std::string text = "\n";
  table.AppendHeadings("  ", text);
  table.TakeRows("  ", text);
  text += fmt::format(
      "\n  held up: over {} us without a look at the clock, {} times a second of waiting\n",
      AnswerTimes::kShortestStallNs / 1000,
      Rounded(PerSecond(times.stalls().count(), times.idle_ns())));
  return text;
}

}  // namespace

std::string SendSummary(const SendReport& report, bool with_times) {
  const SendResult& result = report.result;
  std::string text = fmt::format("{} events in {} datagrams, {} bytes, in {:.2f} s ({} events/s)\n",
                                 WithThousands(result.events), WithThousands(result.datagrams),
                                 WithThousands(report.counts.bytes), Seconds(result.elapsed_ns),
                                 Rounded(PerSecond(result.events, result.elapsed_ns)));
  if (report.load.has_times) {
    text += fmt::format("the latest was sent {} us after its time\n",
                        Microseconds(static_cast<uint64_t>(result.latest_ns)));
  }
  if (report.load.too_large + report.load.bad > 0) {
    text += fmt::format("left out: {} events too large for a datagram, {} bad ones\n",
                        WithThousands(report.load.too_large), WithThousands(report.load.bad));
  }
  if (const uint64_t refused = report.counts.all_refused(); refused > 0) {
    text += fmt::format("refused: {} datagrams", WithThousands(refused));
    for (const auto& [error, count] : report.counts.refused) {
      text += fmt::format(", {} {}", WithThousands(count), NameOfError(error));
    }
    text += '\n';
  }
  if (report.times != nullptr) {
    text += fmt::format("verdicts: {} of {}, with {} lines", WithThousands(report.times->answers()),
                        WithThousands(result.datagrams), WithThousands(result.verdict_lines));
    if (result.foreign > 0) text += fmt::format("; {} other datagrams", result.foreign);
    text += '\n';
    if (with_times) text += TimesTable(*report.times);
  }
  return text;
}

std::string SendStatsJson(const SendReport& report) {
  const SendResult& result = report.result;
  std::string out = fmt::format(
      R"({{"events":{},"datagrams":{},"handed_over":{},"bytes":{},"elapsed_s":{:.6f},"events_per_s":{:.0f},"latest_ns":{},"too_large":{},"bad":{},"refused":{{)",
      result.events, result.datagrams, report.counts.datagrams, report.counts.bytes,
      Seconds(result.elapsed_ns), PerSecond(result.events, result.elapsed_ns), result.latest_ns,
      report.load.too_large, report.load.bad);
  std::string_view separator;
  for (const auto& [error, count] : report.counts.refused) {
    out += fmt::format(R"({}"{}":{})", separator, NameOfError(error), count);
    separator = ",";
  }
  if (report.times == nullptr) {
    return out + R"(},"verdicts":null,"due_to_answer_ns":null,"sent_to_answer_ns":null,)"
                 R"("sent_to_decided_ns":null,"stalls_ns":null,"watched_s":null})"
                 "\n";
  }
  const AnswerTimes& times = *report.times;
  return out + fmt::format(
                   R"(}},"verdicts":{{"answered":{},"lines":{},"foreign":{}}},)"
                   R"("due_to_answer_ns":{},"sent_to_answer_ns":{},"sent_to_decided_ns":{},)"
                   R"("stalls_ns":{},"watched_s":{:.6f}}})"
                   "\n",
                   times.answers(), result.verdict_lines, result.foreign,
                   PercentilesJson(times.since_due()), PercentilesJson(times.since_sent()),
                   DecisionJson(times), PercentilesJson(times.stalls()), Seconds(times.idle_ns()));
}

}  // namespace onrush
