// Expressions as settings of a pipeline file.
#pragma once

#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "core/expression.h"
#include "tools/engine/setting_table.h"

namespace onrush {

// What was parsed from the string setting `key`, whose value is `text`; if that failed, reports the
// error, at its place within the string where that can be told.
std::optional<ExprPlan> TakeExpression(const SettingTable& settings, std::string_view key,
                                       const TomlValue& text, absl::StatusOr<Expr> parsed);

}  // namespace onrush
