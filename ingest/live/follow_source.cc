#include "ingest/live/follow_source.h"

#include <utility>

#include "core/runtime/clock.h"
#include "core/status_macros.h"

namespace onrush {

absl::StatusOr<std::unique_ptr<FollowSource>> FollowSource::Open(const std::string& file,
                                                                 Format format, char delimiter,
                                                                 const FollowOptions& options) {
  std::unique_ptr<FollowSource> source(new FollowSource(file, format, delimiter, options));
  ONRUSH_RETURN_IF_ERROR(source->OpenFile());
  return source;
}

FollowSource::FollowSource(std::string file, Format format, char delimiter,
                           const FollowOptions& options)
    : file_(std::move(file)), options_(options), reader_(format, delimiter, BlockOptions()) {}

absl::Status FollowSource::OpenFile() {
  ONRUSH_ASSIGN_OR_RETURN(std::unique_ptr<FollowStream> stream,
                          FollowStream::Open(file_, options_, bytes_read_));
  reader_.Open(std::move(stream), file_, /*never_waits=*/false);
  return absl::OkStatus();
}

absl::StatusOr<bool> FollowSource::Next(TextBlock& block) {
  const absl::Status status = NextBlock(block);
  if (absl::IsCancelled(status)) return false;
  const bool nothing_came = absl::IsDeadlineExceeded(status);
  if (!status.ok() && !nothing_came) return status;
  if (nothing_came) {
    block.text = {};
    block.first_of_input = block.last_of_input = false;
    block.file = file_;
  }
  block.number = next_number_++;
  return true;
}

absl::Status FollowSource::NextBlock(TextBlock& block) {
  if (reader_.is_open()) return reader_.Next(block);
  const absl::Status opened = OpenFile();
  if (!absl::IsNotFound(opened)) return opened.ok() ? reader_.Next(block) : opened;
  // The name was there a moment ago: somebody is moving files.
  if (options_.stop.requested()) return absl::CancelledError("");
  SystemClock clock;
  clock.SleepUntil({clock.Now().ns + options_.longest_wait.ns});
  return absl::DeadlineExceededError("");
}

}  // namespace onrush
