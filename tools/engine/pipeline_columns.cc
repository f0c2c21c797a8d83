#include "tools/engine/pipeline_columns.h"

#include <vector>

#include "core/suggest.h"
#include "fmt/format.h"
#include "tools/engine/message_text.h"

namespace onrush {

std::optional<size_t> ColumnFinder::Find(const SettingTable& settings, std::string_view key,
                                         const TomlValue& text, std::string_view name,
                                         size_t offset) const {
  if (stream_ == nullptr) return std::nullopt;
  std::vector<std::string_view> names;
  for (size_t column = 0; column < plan().column_count(); ++column) {
    if (plan().column_name(column) == name) return column;
    names.push_back(plan().column_name(column));
  }
  if (!stream_->complete) return std::nullopt;
  settings.ErrorInside(
      key, text, offset,
      fmt::format("found {}, no field of stream '{}'; would be right: {}", Quoted(name),
                  plan().name, DescribeChoices(name, names, "a declared field")));
  return std::nullopt;
}

std::optional<size_t> ColumnFinder::Find(const SettingTable& settings, std::string_view key,
                                         const TomlValue& text) const {
  return Find(settings, key, text, text.text, 0);
}

std::optional<size_t> ColumnFinder::FindNumber(const SettingTable& settings, std::string_view key,
                                               const TomlValue& text, std::string_view name,
                                               size_t offset, std::string_view purpose) const {
  const std::optional<size_t> column = Find(settings, key, text, name, offset);
  if (!column || IsNumber(plan().column_type(*column))) return column;
  settings.ErrorInside(
      key, text, offset,
      fmt::format(
          "found {}, of type {}, in {}; would be right: a field of type int, decimal or float",
          Quoted(name), TypeName(plan().column_type(*column)), purpose));
  return std::nullopt;
}

}  // namespace onrush
