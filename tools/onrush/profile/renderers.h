// A profile for people, for programs, and as a trace.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/metrics/stage_timer.h"
#include "core/runtime/sink.h"
#include "tools/onrush/profile/report.h"

namespace onrush {

// Tables, one for each thread.
std::string ProfileAsText(const Profile& profile);

// One object in one line; tools/onrush/profile/README.md lists its members.
std::string ProfileAsJson(const Profile& profile);

// Writes the spans that the stopwatches kept, in Chrome's trace event format (JSON object), which
// Perfetto and chrome://tracing show. Finishes the sink.
absl::Status WriteTrace(const Profile& profile,
                        const std::vector<std::unique_ptr<StageTimer>>& timers, LineSink& sink);

}  // namespace onrush
