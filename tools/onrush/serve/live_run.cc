#include "tools/onrush/serve/live_run.h"

#include <algorithm>

#include "core/runtime/wall_clock.h"
#include "core/status_macros.h"
#include "fmt/format.h"
#include "ingest/text_arrival.h"

namespace onrush {
namespace {

uint64_t Elapsed(int64_t from_ns, int64_t to_ns) {
  return to_ns <= from_ns ? 0 : static_cast<uint64_t>(to_ns) - static_cast<uint64_t>(from_ns);
}

}  // namespace

LiveFigures LiveFiguresOf(LiveSource& source, const VerdictSender& sender) {
  return {.datagrams = source.ledger(),
          .senders = source.senders().totals(),
          .dropped_by_kernel = source.CountDropped(),
          .verdicts = sender.counts()};
}

absl::Status LiveRun::Run(Engine& engine) {
  engine_ = &engine;
  parts_.figures.SetReady(true);
  TellServiceManager("READY=1");
  const absl::Status status = engine.Run(*this, Format::kArrivals, this);
  parts_.figures.SetReady(false);
  TellServiceManager("STOPPING=1");
  // What arrived is kept also where its lines could not be written.
  if (is_recording()) {
    NoteRecording(parts_.recorder->Close(sender_ended_ ? std::optional<int64_t>(WallClockNs())
                                                       : std::nullopt));
  }
  ONRUSH_RETURN_IF_ERROR(status);
  for (LineOutput* output : parts_.outputs) ONRUSH_RETURN_IF_ERROR(output->Flush());
  StoreFigures();
  return absl::OkStatus();
}

absl::StatusOr<bool> LiveRun::Next(TextBlock& block) {
  ONRUSH_RETURN_IF_ERROR(FinishBlock());
  if (parts_.until_end && parts_.live != nullptr &&
      parts_.live->senders().totals().senders_ended > 0) {
    sender_ended_ = true;
    parts_.live->Stop();
  }
  if (clock_.Now().ns - stored_ns_ >= kStoreEveryNs) {
    StoreFigures();
    PatWatchdog();
  }
  ONRUSH_ASSIGN_OR_RETURN(const bool more, parts_.source.Next(block));
  if (!more) return false;
  received_ns_ = clock_.Now().ns;
  if (parts_.live != nullptr) {
    verdicts_.Expect(parts_.live->requests());
  } else {
    MakeArrival(parts_.format, WallClockNs(), block);
  }
  if (is_recording()) NoteRecording(Record(block, received_ns_));
  in_work_ = !block.arrivals.empty();
  own_time_.Begin(block.arrivals.size());
  begun_ns_ = clock_.Now().ns;
  lines_before_ = engine_->lines();
  if (in_work_ && engine_->watermark() != kMinEventTime) {
    parts_.figures.watermark_wait.Add(
        Elapsed(engine_->watermark().ns, block.arrivals.front().arrived_ns));
  }
  return true;
}

absl::Status LiveRun::OnDecoded(const EventBatch& batch) {
  verdicts_.OnDecoded(batch);
  return absl::OkStatus();
}

absl::Status LiveRun::FinishBlock() {
  if (!in_work_) return absl::OkStatus();
  in_work_ = false;
  const int64_t done_ns = clock_.Now().ns;
  own_time_.End(Elapsed(begun_ns_, done_ns));
  parts_.figures.queue_wait.Add(Elapsed(received_ns_, begun_ns_));
  parts_.figures.processing.Add(Elapsed(begun_ns_, done_ns));
  const bool answered = verdicts_.waiting() || engine_->lines() != lines_before_;
  if (verdicts_.waiting()) SendVerdicts(done_ns);
  for (LineOutput* output : parts_.outputs) ONRUSH_RETURN_IF_ERROR(output->Flush());
  if (answered) parts_.figures.answer.Add(Elapsed(received_ns_, clock_.Now().ns));
  return absl::OkStatus();
}

void LiveRun::SendVerdicts(int64_t decided_ns) {
  VerdictSender& sender = *parts_.sender;
  verdicts_.Answer([&](const VerdictRequest& request, std::string_view lines) {
    sender.Add(request, lines, decided_ns);
  });
  sender.Flush();
}

// With kEach nothing is answered before it is safe. With kInterval, what has been collected for the
// interval's time is handed over, so that events share blocks.
absl::Status LiveRun::Record(const TextBlock& block, int64_t now_ns) {
  Recorder& recorder = *parts_.recorder;
  ONRUSH_RETURN_IF_ERROR(recorder.Append(block));
  const SyncPolicy& sync = recorder.options().sync;
  if (sync.kind == SyncPolicy::Kind::kEach) {
    ONRUSH_RETURN_IF_ERROR(recorder.HandOver());
    return recorder.Wait();
  }
  const int64_t longest_ns =
      sync.kind == SyncPolicy::Kind::kInterval ? sync.interval.ns / 2 : kStoreEveryNs;
  if (now_ns - handed_over_ns_ < longest_ns) return absl::OkStatus();
  handed_over_ns_ = now_ns;
  return recorder.HandOver();
}

void LiveRun::NoteRecording(const absl::Status& status) {
  if (status.ok()) return;
  recording_over_ = true;
  parts_.figures.SetRecordingFailed();
  fmt::print(stderr, "onrush: the recording ends here, {} rows of it are safe: {}\n",
             parts_.recorder->safe_rows(), std::string(status.message()));
}

void LiveRun::PatWatchdog() {
  if (!watchdog_ || stored_ns_ - patted_ns_ < watchdog_->ns / 2) return;
  patted_ns_ = stored_ns_;
  TellServiceManager("WATCHDOG=1");
}

void LiveRun::StoreFigures() {
  stored_ns_ = clock_.Now().ns;
  RunFigures run;
  run.watermark_ns = engine_->watermark().ns;
  run.keys = engine_->key_count();
  run.state_bytes = engine_->state_bytes();
  for (size_t i = 0; i < parts_.outputs.size(); ++i) {
    run.lines_dropped[i] = parts_.outputs[i]->dropped();
  }
  if (parts_.recorder != nullptr) run.recording = parts_.recorder->figures();
  parts_.figures.Store(run, engine_->ledger());
  if (parts_.live != nullptr) parts_.figures.Store(LiveFiguresOf(*parts_.live, *parts_.sender));
}

}  // namespace onrush
