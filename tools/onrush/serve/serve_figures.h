// What a live run shows to those who watch over it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "core/metrics/histogram.h"
#include "core/metrics/published.h"
#include "core/plan.h"
#include "core/runtime/ledger.h"
#include "core/time.h"
#include "ingest/live/live_figures.h"
#include "ingest/recording/recorder.h"

namespace onrush {

// In the order of LiveParts::outputs.
inline constexpr std::array<const char*, 3> kOutputNames = {"results", "late", "bad"};

// Counts of the whole run.
struct RunFigures {
  int64_t watermark_ns = kMinEventTime.ns;
  uint64_t keys = 0;
  uint64_t state_bytes = 0;
  RecorderFigures recording;
  std::array<uint64_t, kOutputNames.size()> lines_dropped{};  // by outputs that are sockets
};

// Description
//   The event thread counts in plain variables and stores copies now and then; the server's
//   threads make text of them. Histograms are read as they are written.
// Threads
//   Store() and the histograms' Add(): the event thread. Metrics(): any.
class ServeFigures {
 public:
  explicit ServeFigures(const Plan& plan);

  void Store(const RunFigures& run, const Ledger& ledger);
  void Store(const LiveFigures& live) { live_.Store(live); }
  void SetReady(bool ready) { ready_.store(ready, std::memory_order_relaxed); }
  void SetRecordingFailed() { recording_failed_.store(true, std::memory_order_relaxed); }

  // Nanoseconds from bytes in hand to the beginning of their processing, for each block; …
  Histogram queue_wait;
  // … from there to its last line being handed to the outputs; …
  Histogram processing;
  // … the same of some blocks of one datagram, without stalls of the machine (OwnTimeSampler); …
  Histogram own_processing;
  // … from bytes in hand to the lines being written, where there are any; …
  Histogram answer;
  // … and how far the watermark was behind the arrival: so long, a window that ends now will wait.
  Histogram watermark_wait;

  bool ready() const { return ready_.load(std::memory_order_relaxed); }
  bool recording_failed() const { return recording_failed_.load(std::memory_order_relaxed); }
  // In the format that Prometheus reads. `now_ns` is the wall clock's. With what concerns datagrams
  // if `has_datagrams`, with what concerns a recording if `has_recording`.
  std::string Metrics(int64_t now_ns, bool has_datagrams, bool has_recording) const;
  // The histograms as one JSON object, without a newline.
  std::string TimesJson() const;

 private:
  void AppendEvents(MetricsText& metrics) const;
  void AppendTimes(int64_t now_ns, MetricsText& metrics) const;
  void AppendRecording(MetricsText& metrics) const;

  const std::vector<std::string> streams_;
  const std::vector<std::string> queries_;
  Published<RunFigures> run_;
  Published<LiveFigures> live_;
  std::vector<Published<StreamLedger>> stream_ledgers_;
  std::vector<Published<QueryLedger>> query_ledgers_;
  std::atomic<bool> ready_{false};
  std::atomic<bool> recording_failed_{false};
};

}  // namespace onrush
