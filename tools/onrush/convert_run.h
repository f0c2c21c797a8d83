// Recorded events from one format into another.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/plan.h"
#include "core/runtime/stop_token.h"

namespace onrush {

struct ConvertOptions {
  std::vector<std::string> inputs;  // "-": standard input
  std::string output;               // its ending tells the format: .orb, .csv, .jsonl
  // Whose fields are kept, with their types; none: all columns of the input, see
  // tools/onrush/found_stream.h.
  std::optional<StreamPlan> stream;
  std::string bad;            // a file for what could not be used; empty: counted only
  uint64_t zstd_level = 0;    // .orb: 1 to 19; 0: not compressed
  bool skip_damaged = false;  // recordings: damage is passed over and told
  StopToken stop;             // ends the run; no output is left

  // kInvalidArgument if inputs or output have no format that can be told, the level is out of
  // range, or a file is there twice.
  absl::Status Validate() const;
};

// Reads all inputs and writes the output, which takes its name when it is whole; then prints a
// summary to standard error. Bad events are left out and counted. kInvalidArgument: the inputs do
// not have the stream's fields, or differ in their columns; kDataLoss: damaged data.
absl::Status ConvertFiles(ConvertOptions options);

}  // namespace onrush
