// Reads [stream.NAME] of a pipeline file.
#pragma once

#include <string>

#include "core/plan.h"
#include "core/time.h"
#include "tools/engine/setting_table.h"

namespace onrush {

struct StreamSettings {
  StreamPlan plan;
  Duration allowed_lateness;  // of the queries that do not say otherwise
  // False if columns were left out for their errors: a name that is not there may be one of them.
  bool complete = true;
};

// Reads a stream and reports all that is wrong with it. `settings` is [stream.NAME].
StreamSettings ReadStream(std::string name, const SettingTable& settings);

}  // namespace onrush
