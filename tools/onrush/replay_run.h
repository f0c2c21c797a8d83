// Files through a pipeline, from the first byte to the last line.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/plan.h"
#include "core/runtime/clock.h"
#include "tools/engine/engine.h"
#include "tools/onrush/replay_outputs.h"
#include "tools/onrush/replay_watcher.h"

namespace onrush {

struct ReplayOptions {
  ReplayOutputOptions outputs;
  std::string stats;            // a file for the ledger and figures; empty: none
  std::optional<double> speed;  // event time against the clock; none: as fast as it goes
  // Threads that own keys, besides the calling one; none: one less than there are processors, at
  // most 8. At a set speed everything happens on the calling thread.
  std::optional<size_t> shards;
  WaitStrategy wait = WaitStrategy::kPark;
  bool skip_damaged = false;         // recordings: damage is passed over and told
  bool finish = false;               // recordings: fire what is pending if the input did not end
  bool progress = false;             // a line on standard error while it runs
  StopToken stop;                    // ends the run, with a word on what was written
  ReplayWatcher* watcher = nullptr;  // looks on, if it is there
};

// kInvalidArgument: --shards is out of range.
absl::Status CheckShards(const ReplayOptions& options);

// Replays `inputs` ("-": standard input), one after the other, as the plan's one stream, and
// prints a summary to standard error. kInvalidArgument: the plan does not fit the input;
// kDataLoss: damaged data, or a bad event with `strict`; kCancelled: it was asked to stop.
absl::Status ReplayFiles(Plan plan, const std::vector<std::string>& inputs,
                         const ReplayOptions& options, Clock& clock);

}  // namespace onrush
