// Reads [[query]] of a pipeline file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/plan.h"
#include "tools/engine/pipeline_stream.h"
#include "tools/engine/setting_table.h"

namespace onrush {

// The most keys that a top_k query may rank.
inline constexpr int64_t kMaxTopK = 100'000;

// Reads a query over one of `streams` and reports all that is wrong with it; nothing if there is.
std::optional<QueryPlan> ReadQuery(const SettingTable& settings,
                                   const std::vector<StreamSettings>& streams);

}  // namespace onrush
