// Reads the settings of a velocity query.
#pragma once

#include <optional>

#include "core/plan.h"
#include "tools/engine/pipeline_columns.h"
#include "tools/engine/setting_table.h"

namespace onrush {

// Reports errors; nothing if there are.
std::optional<VelocityPlan> ReadVelocity(const SettingTable& query, const ColumnFinder& columns);

}  // namespace onrush
