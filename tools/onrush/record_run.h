// What comes in, into a recording.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/plan.h"
#include "core/runtime/stop_token.h"
#include "ingest/recording/recorder.h"

namespace onrush {

struct RecordOptions {
  std::string directory;
  std::vector<std::string> inputs;  // "-": standard input
  RecorderOptions recorder;
  // A line on standard output whenever more is safe.
  bool acknowledge = false;
  StopToken stop;  // ends the run; what came so far is kept
};

// Records all inputs, one after the other, and prints a summary to standard error. Fails as
// Recorder and sources do, telling what is safe: what was read before an input failed is;
// kInvalidArgument: the recording that is there is one of another stream or format; kCancelled: it
// was asked to stop.
absl::Status RecordFiles(const StreamPlan& stream, const RecordOptions& options);

}  // namespace onrush
