// The flags of whoever records.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "ingest/recording/recorder.h"
#include "tools/onrush/command_line.h"

namespace onrush {

class RecorderFlags {
 public:
  // Must outlive the command line's parsing.
  void AddTo(CommandLine& command_line);
  // Sets what the flags said. kInvalidArgument names the flag.
  absl::Status Read(RecorderOptions& recorder) const;

 private:
  std::string sync_ = "interval:5ms";
  std::string segment_size_ = "256MiB";
  std::string segment_time_ = "1h";
  std::string keep_size_;  // empty: without end
  std::string keep_time_;
};

}  // namespace onrush
