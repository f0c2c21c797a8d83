// The keys of a query's output lines.
#pragma once

#include "core/plan.h"
#include "tools/engine/setting_table.h"

namespace onrush {

// Reports two values of a query's line that would have the same key.
void CheckOutputNames(const QueryPlan& query, const StreamPlan& stream,
                      const SettingTable& settings);

}  // namespace onrush
