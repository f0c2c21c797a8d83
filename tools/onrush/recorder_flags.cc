#include "tools/onrush/recorder_flags.h"

#include "core/status_macros.h"
#include "core/time.h"
#include "tools/onrush/byte_size.h"
#include "tools/onrush/flag_values.h"

namespace onrush {

void RecorderFlags::AddTo(CommandLine& command_line) {
  command_line.Add("--sync", sync_, "none|interval:TIME|each",
                   "When what arrived is made safe from a loss of power");
  command_line.Add("--segment-size", segment_size_, "SIZE", "Begin a new file after so much");
  command_line.Add("--segment-time", segment_time_, "TIME", "… or after so long");
  command_line.Add("--keep-size", keep_size_, "SIZE", "Remove the oldest files beyond that");
  command_line.Add("--keep-time", keep_time_, "TIME", "Remove files older than that");
}

absl::Status RecorderFlags::Read(RecorderOptions& recorder) const {
  SegmentOptions& segments = recorder.segments;
  ONRUSH_RETURN_IF_ERROR(ReadFlag("--sync", sync_, SyncPolicy::Parse, recorder.sync));
  ONRUSH_RETURN_IF_ERROR(
      ReadFlag("--segment-size", segment_size_, ParseByteSize, segments.segment_bytes));
  ONRUSH_RETURN_IF_ERROR(
      ReadFlag("--segment-time", segment_time_, ParseDuration, segments.segment_time));
  if (!keep_size_.empty()) {
    ONRUSH_RETURN_IF_ERROR(ReadFlag("--keep-size", keep_size_, ParseByteSize, segments.keep_bytes));
  }
  if (!keep_time_.empty()) {
    ONRUSH_RETURN_IF_ERROR(ReadFlag("--keep-time", keep_time_, ParseDuration, segments.keep_time));
  }
  return absl::OkStatus();
}

}  // namespace onrush
