#include "tools/onrush/serve/serve_figures.h"

#include <cstddef>

#include "fmt/format.h"
#include "tools/onrush/percentiles.h"

namespace onrush {
namespace {

template <typename T>
std::vector<std::string> NamesOf(const std::vector<T>& named) {
  std::vector<std::string> names;
  for (const T& one : named) names.push_back(one.name);
  return names;
}

struct Fate {
  const char* name;
  uint64_t QueryLedger::*count;
};
constexpr Fate kFates[] = {
    {"counted", &QueryLedger::counted},   {"late", &QueryLedger::late},
    {"filtered", &QueryLedger::filtered}, {"null_key", &QueryLedger::skipped_null_key},
    {"rejected", &QueryLedger::rejected}, {"over_max_keys", &QueryLedger::over_max_keys}};

}  // namespace

ServeFigures::ServeFigures(const Plan& plan)
    : streams_(NamesOf(plan.streams)),
      queries_(NamesOf(plan.queries)),
      stream_ledgers_(plan.streams.size()),
      query_ledgers_(plan.queries.size()) {
  run_.Store({});
}

void ServeFigures::Store(const RunFigures& run, const Ledger& ledger) {
  run_.Store(run);
  for (size_t i = 0; i < ledger.streams.size(); ++i) stream_ledgers_[i].Store(ledger.streams[i]);
  for (size_t i = 0; i < ledger.queries.size(); ++i) query_ledgers_[i].Store(ledger.queries[i]);
}

std::string ServeFigures::Metrics(int64_t now_ns, bool has_datagrams, bool has_recording) const {
  MetricsText metrics;
  metrics.BeginGauge("onrush_ready", "1 if events are taken, 0 before and while it ends.");
  metrics.Add(ready());
  AppendEvents(metrics);
  AppendTimes(now_ns, metrics);
  if (has_datagrams) AppendLiveMetrics(live_.Load(), metrics);
  if (has_recording) AppendRecording(metrics);
  return metrics.text();
}

std::string ServeFigures::TimesJson() const {
  return fmt::format(
      R"({{"queue_wait_ns":{},"processing_ns":{},"own_processing_ns":{},"answer_ns":{},)"
      R"("watermark_wait_ns":{}}})",
      PercentilesJson(queue_wait), PercentilesJson(processing), PercentilesJson(own_processing),
      PercentilesJson(answer), PercentilesJson(watermark_wait));
}

void ServeFigures::AppendEvents(MetricsText& metrics) const {
  metrics.BeginCounter("onrush_events_total", "Events read, bad ones included.");
  for (size_t i = 0; i < streams_.size(); ++i) {
    metrics.Add(stream_ledgers_[i].Load().read, {{"stream", streams_[i]}});
  }
  metrics.BeginCounter("onrush_bad_events_total", "Events that could not be used.");
  for (size_t i = 0; i < streams_.size(); ++i) {
    metrics.Add(stream_ledgers_[i].Load().bad, {{"stream", streams_[i]}});
  }
  metrics.BeginCounter("onrush_query_events_total", "What became of good events in each query.");
  for (size_t i = 0; i < queries_.size(); ++i) {
    const QueryLedger ledger = query_ledgers_[i].Load();
    for (const Fate& fate : kFates) {
      metrics.Add(ledger.*fate.count, {{"query", queries_[i]}, {"fate", fate.name}});
    }
  }
  const auto add_by_query = [&](const char* name, const char* help, uint64_t QueryLedger::*count) {
    metrics.BeginCounter(name, help);
    for (size_t i = 0; i < queries_.size(); ++i) {
      metrics.Add(query_ledgers_[i].Load().*count, {{"query", queries_[i]}});
    }
  };
  add_by_query("onrush_query_partly_late_events_total",
               "Counted events that were too late for some of their windows.",
               &QueryLedger::partly_late);
  add_by_query("onrush_query_sum_overflows_total",
               "Results without a value since a sum left its range.", &QueryLedger::sum_overflows);
  add_by_query("onrush_result_lines_total", "Result lines.", &QueryLedger::lines);
  const RunFigures run = run_.Load();
  metrics.BeginCounter("onrush_output_lines_dropped_total", "Lines that an output did not take.");
  for (size_t i = 0; i < kOutputNames.size(); ++i) {
    metrics.Add(run.lines_dropped[i], {{"output", kOutputNames[i]}});
  }
  metrics.BeginGauge("onrush_keys", "Keys with state, over all queries.");
  metrics.Add(run.keys);
  metrics.BeginGauge("onrush_state_bytes", "Memory of that state.");
  metrics.Add(run.state_bytes);
}

void ServeFigures::AppendTimes(int64_t now_ns, MetricsText& metrics) const {
  const int64_t watermark = run_.Load().watermark_ns;
  if (watermark != kMinEventTime.ns) {
    metrics.BeginGauge("onrush_watermark_timestamp_seconds",
                       "Events that happened before this are no longer expected.");
    metrics.AddReal(static_cast<double>(watermark) / 1e9);
    metrics.BeginGauge("onrush_watermark_lag_seconds",
                       "How far the watermark is behind the clock.");
    metrics.AddReal((static_cast<double>(now_ns) - static_cast<double>(watermark)) / 1e9);
  }
  metrics.BeginHistogram("onrush_queue_wait_seconds",
                         "From received to the beginning of its processing, of each block.");
  metrics.AddHistogram(queue_wait);
  metrics.BeginHistogram("onrush_processing_seconds",
                         "From there to its last line being made, of each block.");
  metrics.AddHistogram(processing);
  metrics.BeginHistogram(
      "onrush_own_processing_seconds",
      "The same of some blocks of one datagram, but no more than the thread ran.");
  metrics.AddHistogram(own_processing);
  metrics.BeginHistogram("onrush_answer_seconds",
                         "From received to lines and verdicts being sent, of blocks with some.");
  metrics.AddHistogram(answer);
  metrics.BeginHistogram("onrush_watermark_wait_seconds",
                         "How far the watermark was behind the arrival of each block.");
  metrics.AddHistogram(watermark_wait);
}

void ServeFigures::AppendRecording(MetricsText& metrics) const {
  const RecorderFigures recording = run_.Load().recording;
  metrics.BeginGauge("onrush_recording_failed", "1 once the recording ended by an error.");
  metrics.Add(recording_failed());
  metrics.BeginCounter("onrush_recording_rows_total", "Rows handed to the recording.");
  metrics.Add(recording.rows);
  metrics.BeginCounter("onrush_recording_written_rows_total", "Rows written.");
  metrics.Add(recording.rows_written);
  metrics.BeginCounter("onrush_recording_safe_rows_total", "Rows safe from a loss of power.");
  metrics.Add(recording.rows_safe);
  metrics.BeginCounter("onrush_recording_bytes_total", "Bytes written.");
  metrics.Add(recording.bytes);
  metrics.BeginCounter("onrush_recording_syncs_total", "Times that the medium was synced.");
  metrics.Add(recording.syncs);
}

}  // namespace onrush
