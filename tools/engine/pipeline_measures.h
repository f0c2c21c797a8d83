// Reads what queries compute: "count", "sum(quantity) as sold", …
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/plan.h"
#include "tools/engine/pipeline_columns.h"
#include "tools/engine/setting_table.h"

namespace onrush {

// A list of measures, each with an optional name after `as`. Reports errors; nothing if there are.
std::optional<std::vector<MeasurePlan>> ReadCompute(const SettingTable& query,
                                                    const ColumnFinder& columns);

// What top_k ranks by: count (also if the setting is absent), sum(f) or distinct(f).
std::optional<MeasurePlan> ReadRankedBy(const SettingTable& query, const ColumnFinder& columns);

}  // namespace onrush
