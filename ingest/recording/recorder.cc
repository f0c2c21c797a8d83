#include "ingest/recording/recorder.h"

#include <algorithm>
#include <span>
#include <utility>

#include "core/runtime/undisturbed_thread.h"
#include "core/status_macros.h"
#include "fmt/format.h"
#include "ingest/recording/recording_source.h"

namespace onrush {

absl::Status CheckRetention(const SegmentOptions& segments, const StreamPlan& stream,
                            Format format) {
  const bool forgets = segments.keep_bytes || segments.keep_time;
  if (!forgets || format != Format::kCsv || !stream.header) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "--keep-size and --keep-time would remove the header of CSV with the oldest segment; right "
      "would be a stream with header = false, or neither");
}

namespace {

absl::Status CheckStream(const std::string& directory, const StreamPlan& stream, Format format) {
  const absl::StatusOr<RecordedStream> there = ReadRecordedStream(directory);
  if (!there.ok()) return absl::OkStatus();  // a new one, or damage, which is told later
  if (there->name == stream.name && there->format == format) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format(
      "'{}': found a recording of the stream '{}' in {}; right would be '{}' in {}, or another "
      "directory",
      directory, there->name, FormatName(there->format), stream.name, FormatName(format)));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Recorder>> Recorder::Open(
    std::unique_ptr<RecordingDirectory> directory, const StreamPlan& stream, Format format,
    const RecorderOptions& options, SafeFn on_safe) {
  ONRUSH_RETURN_IF_ERROR(CheckStream(directory->path(), stream, format));
  ONRUSH_ASSIGN_OR_RETURN(RecoveredRecording recovered, RecoverRecording(*directory));
  return std::unique_ptr<Recorder>(new Recorder(std::move(directory), stream, format, options,
                                                std::move(on_safe), std::move(recovered)));
}

Recorder::Recorder(std::unique_ptr<RecordingDirectory> directory, const StreamPlan& stream,
                   Format format, const RecorderOptions& options, SafeFn on_safe,
                   RecoveredRecording recovered)
    : format_(format),
      delimiter_(stream.delimiter),
      options_(options),
      on_safe_(std::move(on_safe)),
      rows_found_(recovered.next_row),
      bytes_cut_(recovered.cut_bytes),
      handed_over_rows_(rows_found_),
      rows_(rows_found_),
      full_(kBlocks),
      empty_(kBlocks),
      committer_(std::move(directory), options.sync, options.segments, std::move(recovered)),
      announced_rows_(rows_found_) {
  for (size_t i = 0; i < kBlocks; ++i) {
    blocks_.push_back(std::make_unique<RecordedBlock>(stream, format, options.zstd_level));
    spare_.push_back(blocks_.back().get());
  }
  thread_ = StartUndisturbed([this] { loop_.Run(WaitStrategy::kPark, [this] { return Work(); }); });
}

Recorder::~Recorder() {
  loop_.Stop();
  thread_.join();
}

RecorderFigures Recorder::figures() const {
  return {.rows = rows() - rows_found_,
          .rows_written = written_rows() - rows_found_,
          .rows_safe = safe_rows() - rows_found_,
          .bytes = committer_.bytes(),
          .syncs = committer_.syncs()};
}

absl::Status Recorder::Append(const TextBlock& block) {
  // An input may begin with a block of nothing.
  first_of_input_ = first_of_input_ || block.first_of_input;
  absl::Status status;
  for (const Arrival& arrival : block.arrivals) {
    ForEachRow(arrival, first_of_input_, format_, delimiter_, [&](RecordedRow& row) {
      status.Update(AppendRow(row));
      first_of_input_ = false;
    });
    if (!status.ok()) break;
  }
  return status;
}

absl::Status Recorder::AppendRow(RecordedRow& row) {
  if (open_ == nullptr) ONRUSH_RETURN_IF_ERROR(OpenBlock());
  open_->Add(row);
  rows_.store(rows() + 1, std::memory_order_relaxed);  // only this thread writes it
  return open_->IsFull(options_.block_bytes) ? HandOver() : absl::OkStatus();
}

absl::Status Recorder::OpenBlock() {
  ONRUSH_RETURN_IF_ERROR(WaitFor([this] {
    TakeBack();
    return !spare_.empty();
  }));
  open_ = spare_.back();
  spare_.pop_back();
  return absl::OkStatus();
}

void Recorder::TakeBack() {
  while (true) {
    const std::span<RecordedBlock*> back = empty_.Peek(kBlocks);
    if (back.empty()) return;
    spare_.insert(spare_.end(), back.begin(), back.end());
    empty_.Release(back.size());
  }
}

absl::Status Recorder::HandOver() {
  if (failed()) return status_;
  if (open_ == nullptr || open_->row_count() == 0) return absl::OkStatus();
  full_.Claim(1)[0] = std::exchange(open_, nullptr);  // There are as many slots as blocks.
  full_.Publish(1);
  handed_over_rows_ = rows();
  loop_.Notify();
  return absl::OkStatus();
}

absl::Status Recorder::Wait() {
  const bool safe = options_.sync.kind != SyncPolicy::Kind::kNone;
  return WaitFor(
      [this, safe] { return (safe ? safe_rows() : written_rows()) >= handed_over_rows_; });
}

absl::Status Recorder::Close(std::optional<int64_t> input_ended_ns) {
  if (!std::exchange(close_called_, true)) {
    if (input_ended_ns) {
      RecordedRow end{.kind = RecordedKind::kEnd, .arrived_ns = *input_ended_ns};
      ONRUSH_RETURN_IF_ERROR(AppendRow(end));
    }
    ONRUSH_RETURN_IF_ERROR(HandOver());
    closing_.store(true, std::memory_order_release);  // Pairs with the acquire in Work().
    loop_.Notify();
  }
  // Pairs with the release in Work().
  return WaitFor([this] { return closed_.load(std::memory_order_acquire); });
}

template <typename DoneFn>
absl::Status Recorder::WaitFor(DoneFn done) {
  while (true) {
    const uint32_t seen = progress_.load(std::memory_order_acquire);
    if (failed()) return status_;
    if (done()) return absl::OkStatus();
    progress_.wait(seen, std::memory_order_acquire);
  }
}

bool Recorder::Work() {
  if (failed() || closed_.load(std::memory_order_relaxed)) return false;
  // Before the ring is looked at: nothing is handed over after it was set.
  const bool closing = closing_.load(std::memory_order_acquire);
  absl::StatusOr<bool> worked = WriteOldest();
  if (worked.ok() && !*worked) worked = SyncOrSleep();
  if (worked.ok() && !*worked && closing) {
    if (const absl::Status status = committer_.Close(); !status.ok()) worked = status;
    closed_.store(worked.ok(), std::memory_order_release);  // Pairs with the acquire in Close().
  }
  if (!worked.ok()) {
    status_ = worked.status();
    failed_.store(true, std::memory_order_release);  // Pairs with the acquire in failed().
  }
  Announce();
  return worked.ok() && *worked;
}

absl::StatusOr<bool> Recorder::WriteOldest() {
  const std::span<RecordedBlock*> slot = full_.Peek(1);
  if (slot.empty()) return false;
  RecordedBlock* const block = slot[0];
  ONRUSH_RETURN_IF_ERROR(committer_.Write(*block));
  full_.Release(1);
  empty_.Claim(1)[0] = block;
  empty_.Publish(1);
  return true;
}

// Short sleeps: what is handed over meanwhile is written soon.
absl::StatusOr<bool> Recorder::SyncOrSleep() {
  constexpr int64_t kLongestSleepNs = 1'000'000;
  const std::optional<ProcessingTime> due = committer_.sync_due();
  if (!due) return false;
  const ProcessingTime now = clock_.Now();
  if (now >= *due) {
    ONRUSH_RETURN_IF_ERROR(committer_.Sync());
  } else {
    clock_.SleepUntil({std::min(due->ns, now.ns + kLongestSleepNs)});
  }
  return true;
}

void Recorder::Announce() {
  if (on_safe_ && committer_.safe_rows() != announced_rows_) {
    announced_rows_ = committer_.safe_rows();
    on_safe_(announced_rows_);
  }
  progress_.fetch_add(1, std::memory_order_release);
  progress_.notify_all();
}

}  // namespace onrush
