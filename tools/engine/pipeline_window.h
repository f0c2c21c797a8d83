// Reads `window = { … }` of a query.
#pragma once

#include <optional>

#include "core/plan.h"
#include "tools/engine/setting_table.h"

namespace onrush {

// The window of a query, or nothing if it has none or one with errors, which are reported.
std::optional<WindowPlan> ReadWindow(const SettingTable& query);

}  // namespace onrush
