#include "tools/engine/expression_setting.h"

#include <string>
#include <utility>

#include "core/expression_parser.h"
#include "fmt/format.h"

namespace onrush {

std::optional<ExprPlan> TakeExpression(const SettingTable& settings, std::string_view key,
                                       const TomlValue& text, absl::StatusOr<Expr> parsed) {
  if (parsed.ok()) return ExprPlan{text.text, *std::move(parsed)};
  const std::string message(parsed.status().message());
  const ExpressionError error = SplitExpressionError(message);
  const std::string problem =
      text.verbatim ? std::string(error.text)
                    : fmt::format("column {} of the expression: {}", error.column, error.text);
  settings.ErrorInside(key, text, error.column - 1, problem);
  return std::nullopt;
}

}  // namespace onrush
