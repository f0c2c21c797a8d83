#include "ingest/recording/block_committer.h"

#include <optional>

#include "core/status_macros.h"
#include "fmt/format.h"

namespace onrush {

absl::StatusOr<SyncPolicy> SyncPolicy::Parse(std::string_view text) {
  constexpr std::string_view kIntervalPrefix = "interval:";
  if (text == "none") return SyncPolicy{Kind::kNone, {}};
  if (text == "each") return SyncPolicy{Kind::kEach, {}};
  if (text.starts_with(kIntervalPrefix)) {
    const auto interval = ParseDuration(text.substr(kIntervalPrefix.size()));
    if (interval.ok() && interval->ns > 0) return SyncPolicy{Kind::kInterval, *interval};
  }
  return absl::InvalidArgumentError(
      fmt::format("found '{}'; right would be none, each or interval:5ms", text));
}

absl::Status BlockCommitter::Write(RecordedBlock& block) {
  // As late as can be: each block shows which of those before it were safe.
  const bool syncs = policy_.kind != SyncPolicy::Kind::kNone;
  ONRUSH_ASSIGN_OR_RETURN(const RecordedBlock::Finished finished,
                          block.Finish(syncs ? std::optional(safe_rows()) : std::nullopt));
  ONRUSH_RETURN_IF_ERROR(segments_.Append(finished.header, finished.bytes));
  bytes_.fetch_add(finished.bytes.size(), std::memory_order_relaxed);
  // With release: who sees the number finds the rows in the file.
  written_rows_.store(segments_.rows(), std::memory_order_release);
  if (policy_.kind == SyncPolicy::Kind::kEach) return Sync();
  if (policy_.kind == SyncPolicy::Kind::kNone) return absl::OkStatus();
  const ProcessingTime now = clock_.Now();
  if (!sync_due_) sync_due_ = ProcessingTime{now.ns + policy_.interval.ns};
  return now >= *sync_due_ ? Sync() : absl::OkStatus();
}

absl::Status BlockCommitter::Sync() {
  ONRUSH_RETURN_IF_ERROR(segments_.Sync());
  AllIsSafe();
  return absl::OkStatus();
}

absl::Status BlockCommitter::Close() {
  ONRUSH_RETURN_IF_ERROR(segments_.Close());
  AllIsSafe();
  return absl::OkStatus();
}

void BlockCommitter::AllIsSafe() {
  sync_due_.reset();
  syncs_.fetch_add(1, std::memory_order_relaxed);
  // With release: who sees the number may tell the sender so.
  safe_rows_.store(segments_.rows(), std::memory_order_release);
}

}  // namespace onrush
