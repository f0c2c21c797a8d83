// The event thread of a live run.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/runtime/clock.h"
#include "core/runtime/source.h"
#include "ingest/live/live_source.h"
#include "ingest/live/verdict_sender.h"
#include "ingest/recording/recorder.h"
#include "tools/engine/engine.h"
#include "tools/onrush/serve/line_output.h"
#include "tools/onrush/serve/own_time.h"
#include "tools/onrush/serve/serve_figures.h"
#include "tools/onrush/serve/verdicts.h"
#include "tools/onrush/service_manager.h"

namespace onrush {

// What a live run is made of. All must outlive it.
struct LiveParts {
  Source& source;                                        // what `live` is, if that is there
  LiveSource* live;                                      // null: a file is followed
  Format format;                                         // of the records
  VerdictSender* sender;                                 // null without `live`
  Recorder* recorder;                                    // null: nothing is recorded
  std::array<LineOutput*, kOutputNames.size()> outputs;  // perhaps without a sink
  ServeFigures& figures;
  bool until_end;
};

// What the datagrams came to so far. A system call a socket.
LiveFigures LiveFiguresOf(LiveSource& source, const VerdictSender& sender);

// Description
//   Stands between the engine and its source: when the engine asks for the next block, the one
//   before is done, so that its lines and verdicts are sent; then it waits for the next, and
//   records it before it is processed. Now and then it stores the figures for others.
// Threads
//   One at a time.
class LiveRun : public Source, public BatchObserver {
 public:
  explicit LiveRun(const LiveParts& parts)
      : parts_(parts), own_time_(parts.figures.own_processing), watchdog_(WatchdogInterval()) {}

  // For Engine::Create().
  FlagObserver* flags() { return &verdicts_; }
  // Runs until the source ends, then closes the recording. The engine's outputs are the parts'.
  absl::Status Run(Engine& engine);

 private:
  static constexpr int64_t kStoreEveryNs = 100'000'000;

  absl::StatusOr<bool> Next(TextBlock& block) override;
  absl::Status OnDecoded(const EventBatch& batch) override;
  bool ends_input() const override { return sender_ended_; }
  bool may_wait() const override { return true; }
  uint64_t bytes_read() const override { return parts_.source.bytes_read(); }
  uint64_t bytes_total() const override { return 0; }

  // The block before is done.
  absl::Status FinishBlock();
  void SendVerdicts(int64_t decided_ns);
  bool is_recording() const { return parts_.recorder != nullptr && !recording_over_; }
  absl::Status Record(const TextBlock& block, int64_t now_ns);
  // An error: the recording is over; the run is not.
  void NoteRecording(const absl::Status& status);
  void StoreFigures();
  // Tells the service manager that it still works, if that is expected.
  void PatWatchdog();

  const LiveParts parts_;
  Engine* engine_ = nullptr;
  Verdicts verdicts_;
  SystemClock clock_;
  bool sender_ended_ = false;

  // Of the block in work; on the monotonic clock.
  bool in_work_ = false;
  int64_t received_ns_ = 0;
  int64_t begun_ns_ = 0;
  uint64_t lines_before_ = 0;
  OwnTimeSampler own_time_;

  bool recording_over_ = false;
  int64_t handed_over_ns_ = 0;  // when the recorder was last given what it had
  int64_t stored_ns_ = 0;
  const std::optional<Duration> watchdog_;
  int64_t patted_ns_ = 0;
};

}  // namespace onrush
