#include "tools/onrush/replay_run.h"

#include <algorithm>
#include <utility>

#include "core/status_macros.h"
#include "fmt/format.h"
#include "ingest/open.h"
#include "tools/onrush/interrupt.h"
#include "tools/onrush/pacer.h"
#include "tools/onrush/progress.h"
#include "tools/onrush/run_report.h"

namespace onrush {
namespace {

// The stream's format, or the one that all inputs' names tell.
absl::StatusOr<Format> FormatOf(const StreamPlan& stream, const std::vector<std::string>& inputs) {
  if (stream.format) return *stream.format;
  std::optional<Format> format;
  for (const std::string& input : inputs) {
    const std::optional<Format> named = FormatOfName(input);
    if (!named || (format && *format != *named)) {
      return absl::InvalidArgumentError(fmt::format(
          "stream '{}' has no format, and {}; right would be format = \"csv\" or \"jsonl\" in its "
          "section",
          stream.name,
          named ? fmt::format("'{}' and '{}' differ in theirs", inputs.front(), input)
                : fmt::format("the name '{}' does not tell it", input)));
    }
    format = named;
  }
  return *format;
}

// Errors of reading are no matter of the pipeline, whatever their code.
absl::Status AsInputError(const absl::Status& status) {
  return status.code() == absl::StatusCode::kInvalidArgument
             ? absl::UnavailableError(status.message())
             : status;
}

class ReplayRun : private BatchObserver {
 public:
  ReplayRun(Engine& engine, Source& source, Decoder& decoder, ReplayOutputs& outputs,
            const ReplayOptions& options, Clock& clock)
      : engine_(engine),
        source_(source),
        decoder_(decoder),
        outputs_(outputs),
        clock_(clock),
        progress_(clock, options.progress) {
    if (options.speed) pacer_.emplace(engine.plan().streams.front(), *options.speed);
  }

  absl::Status Run() {
    TextBlock block;
    for (;;) {
      const absl::StatusOr<bool> more = source_.Next(block);
      if (!more.ok()) return AsInputError(more.status());
      if (Interrupted()) return BrokenOff();
      if (!*more) break;
      ONRUSH_RETURN_IF_ERROR(engine_.Process(block, decoder_, pacer_ ? this : nullptr));
      ShowProgress();
    }
    ONRUSH_RETURN_IF_ERROR(engine_.Finish());
    return outputs_.Finish();
  }

 private:
  static constexpr int64_t kLongestSleepNs = 50'000'000;  // how soon an interrupt is noticed

  // Waits until the batch is due.
  absl::Status OnDecoded(const EventBatch& batch) override {
    ProcessingTime now = clock_.Now();
    const ProcessingTime due = pacer_->DueTime(batch, now);
    if (now < due) ONRUSH_RETURN_IF_ERROR(outputs_.Flush());
    for (; now < due; now = clock_.Now()) {
      if (Interrupted()) return BrokenOff();
      clock_.SleepUntil({std::min(due.ns, now.ns + kLongestSleepNs)});
      ShowProgress();
    }
    return absl::OkStatus();
  }

  void ShowProgress() {
    progress_.Update(
        {source_.bytes_read(), source_.bytes_total(), engine_.events_read(), engine_.watermark()});
  }

  absl::Status BrokenOff() {
    ONRUSH_RETURN_IF_ERROR(outputs_.Flush());
    return absl::CancelledError(fmt::format("interrupted after {} events; no output is whole: {}",
                                            WithThousands(engine_.events_read()),
                                            outputs_.WhatWasWritten()));
  }

  Engine& engine_;
  Source& source_;
  Decoder& decoder_;
  ReplayOutputs& outputs_;
  Clock& clock_;
  std::optional<Pacer> pacer_;
  ProgressLine progress_;
};

absl::Status WriteStats(const std::string& path, const RunReport& report) {
  ONRUSH_ASSIGN_OR_RETURN(const std::unique_ptr<FileSink> sink, FileSink::Open(path));
  ONRUSH_RETURN_IF_ERROR(sink->Write(StatsJson(report)));
  return sink->Finish();
}

}  // namespace

absl::Status ReplayFiles(Plan plan, const std::vector<std::string>& inputs,
                         const ReplayOptions& options, Clock& clock) {
  ONRUSH_ASSIGN_OR_RETURN(ReplayOutputs outputs, ReplayOutputs::Open(options.outputs));
  EngineOptions engine_options;
  // At a pace every event is answered when it is due, not when a batch is full.
  if (options.speed) engine_options.batch_rows = 1;
  ONRUSH_ASSIGN_OR_RETURN(const std::unique_ptr<Engine> engine,
                          Engine::Create(std::move(plan), engine_options, outputs.for_engine()));
  const StreamPlan& stream = engine->plan().streams.front();
  ONRUSH_ASSIGN_OR_RETURN(const Format format, FormatOf(stream, inputs));
  ONRUSH_ASSIGN_OR_RETURN(const std::unique_ptr<Decoder> decoder, MakeDecoder(stream, format));
  absl::StatusOr<std::unique_ptr<Source>> source = OpenFiles(inputs, format, stream.delimiter);
  if (!source.ok()) return AsInputError(source.status());

  const ProcessingTime start = clock.Now();
  ONRUSH_RETURN_IF_ERROR(ReplayRun(*engine, **source, *decoder, outputs, options, clock).Run());
  const Ledger ledger = engine->ledger();
  const RunReport report{.plan = engine->plan(),
                         .ledger = ledger,
                         .elapsed_s = static_cast<double>(clock.Now().ns - start.ns) / 1e9,
                         .lines = engine->lines(),
                         .digest = engine->digest()};
  fmt::print(stderr, "{}", SummaryText(report));
  return options.stats.empty() ? absl::OkStatus() : WriteStats(options.stats, report);
}

}  // namespace onrush
