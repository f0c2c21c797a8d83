#include "tools/onrush/replay_run.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "core/status_macros.h"
#include "fmt/format.h"
#include "ingest/open.h"
#include "tools/onrush/flag_values.h"
#include "tools/onrush/inputs.h"
#include "tools/onrush/interrupt.h"
#include "tools/onrush/pacer.h"
#include "tools/onrush/progress.h"
#include "tools/onrush/run_report.h"

namespace onrush {
namespace {

// Stands between the engine and its source and looks at every block and batch that passes: for
// interrupts, progress and pace.
class ReplayRun : private Source, private BatchObserver {
 public:
  ReplayRun(Engine& engine, Source& source, Format format, ReplayOutputs& outputs,
            const ReplayOptions& options, Clock& clock)
      : engine_(engine),
        source_(source),
        format_(format),
        outputs_(outputs),
        stop_(options.stop),
        watcher_(options.watcher),
        finish_(options.finish),
        clock_(clock),
        progress_(clock, options.progress) {
    if (options.speed) pacer_.emplace(engine.plan().streams.front(), *options.speed);
  }

  absl::Status Run() {
    if (watcher_ != nullptr) watcher_->OnStart();
    const absl::Status status = engine_.Run(*this, format_, pacer_ ? this : nullptr);
    if (watcher_ != nullptr) watcher_->OnStop();
    if (stop_.requested()) return BrokenOff();
    ONRUSH_RETURN_IF_ERROR(status);
    return outputs_.Finish();
  }

 private:
  static constexpr int64_t kLongestSleepNs = 50'000'000;  // how soon an interrupt is noticed

  absl::StatusOr<bool> Next(TextBlock& block) override {
    if (source_.may_wait()) ONRUSH_RETURN_IF_ERROR(outputs_.Flush());
    const absl::StatusOr<bool> more = source_.Next(block);
    if (!more.ok()) return AsInputError(more.status());
    if (stop_.requested()) return absl::CancelledError("");
    ShowProgress();
    if (watcher_ != nullptr) *more ? watcher_->OnBlock(Figures()) : watcher_->OnInputEnd(Figures());
    return more;
  }
  bool ends_input() const override { return finish_ || source_.ends_input(); }
  bool may_wait() const override { return source_.may_wait(); }
  uint64_t bytes_read() const override { return source_.bytes_read(); }
  uint64_t bytes_total() const override { return source_.bytes_total(); }

  // Waits until the batch is due.
  absl::Status OnDecoded(const EventBatch& batch) override {
    ProcessingTime now = clock_.Now();
    const ProcessingTime due = pacer_->DueTime(batch, now);
    if (now < due) ONRUSH_RETURN_IF_ERROR(outputs_.Flush());
    for (; now < due; now = clock_.Now()) {
      if (stop_.requested()) return absl::CancelledError("");
      clock_.SleepUntil({std::min(due.ns, now.ns + kLongestSleepNs)});
      ShowProgress();
    }
    return absl::OkStatus();
  }

  ProgressFigures Figures() const {
    return {source_.bytes_read(), source_.bytes_total(), engine_.events_read(),
            engine_.watermark()};
  }
  void ShowProgress() { progress_.Update(Figures()); }

  absl::Status BrokenOff() {
    outputs_.Flush().IgnoreError();  // what could be written is told
    return absl::CancelledError(fmt::format("interrupted after {} events; no output is whole: {}",
                                            WithThousands(engine_.events_read()),
                                            outputs_.WhatWasWritten()));
  }

  Engine& engine_;
  Source& source_;
  const Format format_;
  ReplayOutputs& outputs_;
  const StopToken stop_;
  ReplayWatcher* const watcher_;
  const bool finish_;
  Clock& clock_;
  std::optional<Pacer> pacer_;
  ProgressLine progress_;
};

constexpr size_t kParallelBlockBytes = 128 * 1024;

// One thread reads and decodes; more shards than this have not been measured to help.
size_t DefaultShards() {
  constexpr size_t kMost = 8;
  return std::clamp<size_t>(std::thread::hardware_concurrency(), 1, kMost + 1) - 1;
}

EngineOptions EngineOptionsFor(const ReplayOptions& options) {
  EngineOptions engine;
  engine.shards = options.shards.value_or(DefaultShards());
  engine.parallel.wait = options.wait;
  engine.huge_pages = !options.speed;
  if (options.speed) {
    // At a pace every event is answered when it is due, not when a batch is full.
    engine.batch_rows = 1;
    engine.shards = 0;
  }
  return engine;
}

}  // namespace

absl::Status CheckShards(const ReplayOptions& options) {
  return CheckFlagRange("--shards", options.shards.value_or(0), 0, EngineOptions::kMaxShards);
}

absl::Status ReplayFiles(Plan plan, const std::vector<std::string>& inputs,
                         const ReplayOptions& options, Clock& clock) {
  ONRUSH_RETURN_IF_ERROR(TakeRecordedFormat(inputs, plan.streams.front()));
  ONRUSH_RETURN_IF_ERROR(FileSink::CheckWhole(options.stats));
  ONRUSH_ASSIGN_OR_RETURN(ReplayOutputs outputs, ReplayOutputs::Open(options.outputs));
  EngineOptions engine_options = EngineOptionsFor(options);
  if (options.watcher != nullptr) options.watcher->BeforeEngine(plan, engine_options);
  ONRUSH_ASSIGN_OR_RETURN(const std::unique_ptr<Engine> engine,
                          Engine::Create(std::move(plan), engine_options, outputs.for_engine()));
  const StreamPlan& stream = engine->plan().streams.front();
  ONRUSH_ASSIGN_OR_RETURN(const Format format, InputFormat(stream, inputs));
  BlockOptions blocks;
  // Several blocks are on their way at once; together they should stay in the caches.
  if (engine_options.shards > 0) blocks.block_bytes = kParallelBlockBytes;
  blocks.stop = options.stop;
  absl::StatusOr<std::unique_ptr<Source>> source =
      OpenInputs(inputs, stream, format, blocks, options.skip_damaged);
  if (!source.ok()) return AsInputError(source.status());

  const ProcessingTime start = clock.Now();
  ONRUSH_RETURN_IF_ERROR(ReplayRun(*engine, **source, format, outputs, options, clock).Run());
  const Ledger ledger = engine->ledger();
  const RunReport report{.plan = engine->plan(),
                         .ledger = ledger,
                         .elapsed_s = static_cast<double>(clock.Now().ns - start.ns) / 1e9,
                         .lines = engine->lines(),
                         .digest = engine->digest(),
                         .notes = (*source)->notes()};
  PrintNotes(**source);
  fmt::print(stderr, "{}", SummaryText(report));
  if (options.watcher != nullptr) options.watcher->OnEnd(*engine, report);
  return options.stats.empty() ? absl::OkStatus()
                               : FileSink::WriteWhole(options.stats, StatsJson(report));
}

}  // namespace onrush
