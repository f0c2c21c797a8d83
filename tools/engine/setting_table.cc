#include "tools/engine/setting_table.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "core/suggest.h"
#include "fmt/format.h"
#include "tools/engine/message_text.h"
#include "tools/engine/unsupported_settings.h"

namespace onrush {
namespace {

using Kind = TomlValue::Kind;

constexpr std::string_view kDurationExample = "a duration such as '10m', '1h30m' or '0s'";
constexpr std::string_view kInstantExample = "an instant such as '2024-01-31T08:00:00Z'";

std::string OneOf(const std::vector<std::string_view>& choices) {
  return DescribeChoices("", choices, "");
}

}  // namespace

void SettingTable::CheckKeys(std::string_view section,
                             const std::vector<std::string_view>& allowed) const {
  for (const TomlEntry& entry : table_.entries) {
    if (std::find(allowed.begin(), allowed.end(), entry.key) != allowed.end()) continue;
    if (IsUnsupported(section, entry.key)) {
      errors_.AddUnsupported(entry.position, PathOf(entry.key));
    } else {
      errors_.Add(entry.position, PathOf(entry.key), "an unknown setting",
                  DescribeChoices(entry.key, allowed, "nothing"));
    }
  }
}

const TomlValue* SettingTable::Find(std::string_view key) const {
  for (const TomlEntry& entry : table_.entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

const TomlValue* SettingTable::Get(std::string_view key, Kind kind, std::string_view right) const {
  const TomlValue* value = Find(key);
  if (value == nullptr || value->kind == kind) return value;
  Error(key, Describe(*value), right);
  return nullptr;
}

const TomlValue* SettingTable::Require(std::string_view key, Kind kind,
                                       std::string_view right) const {
  if (!Has(key)) MissingError(key, right);
  return Get(key, kind, right);
}

std::optional<int64_t> SettingTable::GetInteger(std::string_view key, int64_t low,
                                                int64_t high) const {
  return CheckInteger(key, Find(key), low, high);
}

std::optional<int64_t> SettingTable::RequireInteger(std::string_view key, int64_t low,
                                                    int64_t high) const {
  if (!Has(key)) MissingError(key, fmt::format("an integer from {} to {}", low, high));
  return CheckInteger(key, Find(key), low, high);
}

std::optional<int64_t> SettingTable::CheckInteger(std::string_view key, const TomlValue* value,
                                                  int64_t low, int64_t high) const {
  if (value == nullptr) return std::nullopt;
  if (value->kind != Kind::kInteger || value->integer < low || value->integer > high) {
    Error(key, Describe(*value), fmt::format("an integer from {} to {}", low, high));
    return std::nullopt;
  }
  return value->integer;
}

std::optional<bool> SettingTable::GetBool(std::string_view key) const {
  const TomlValue* value = Get(key, Kind::kBool, "true or false");
  if (value == nullptr) return std::nullopt;
  return value->boolean;
}

std::optional<Duration> SettingTable::GetDuration(std::string_view key) const {
  return CheckDuration(key, Get(key, Kind::kString, kDurationExample));
}

std::optional<Duration> SettingTable::RequireDuration(std::string_view key) const {
  return CheckDuration(key, Require(key, Kind::kString, kDurationExample));
}

std::optional<Duration> SettingTable::CheckDuration(std::string_view key,
                                                    const TomlValue* value) const {
  if (value == nullptr) return std::nullopt;
  const absl::StatusOr<Duration> duration = ParseDuration(value->text);
  if (!duration.ok()) {
    Error(key, Quoted(value->text), kDurationExample);
    return std::nullopt;
  }
  return *duration;
}

std::optional<EventTime> SettingTable::GetInstant(std::string_view key) const {
  const TomlValue* value = Find(key);
  if (value == nullptr) return std::nullopt;
  std::optional<EventTime> instant;
  if (value->kind == Kind::kString || value->kind == Kind::kDateTime) {
    instant = ParseInstant(value->text);
  }
  if (!instant) Error(key, Describe(*value), kInstantExample);
  return instant;
}

std::optional<size_t> SettingTable::GetChoice(std::string_view key,
                                              const std::vector<std::string_view>& choices) const {
  return CheckChoice(key, Get(key, Kind::kString, OneOf(choices)), choices);
}

std::optional<size_t> SettingTable::RequireChoice(
    std::string_view key, const std::vector<std::string_view>& choices) const {
  return CheckChoice(key, Require(key, Kind::kString, OneOf(choices)), choices);
}

std::optional<size_t> SettingTable::CheckChoice(
    std::string_view key, const TomlValue* value,
    const std::vector<std::string_view>& choices) const {
  if (value == nullptr) return std::nullopt;
  const auto choice = std::find(choices.begin(), choices.end(), value->text);
  if (choice != choices.end()) return static_cast<size_t>(choice - choices.begin());
  Error(key, Quoted(value->text), DescribeChoices(value->text, choices, ""));
  return std::nullopt;
}

void SettingTable::Error(std::string_view key, std::string_view found,
                         std::string_view right) const {
  const TomlValue* value = Find(key);
  errors_.Add(value != nullptr ? value->position : table_.position, PathOf(key), found, right);
}

void SettingTable::ErrorInside(std::string_view key, const TomlValue& string, size_t offset,
                               std::string_view text) const {
  errors_.AddText(PositionInside(string, offset), PathOf(key), text);
}

void SettingTable::MissingError(std::string_view key, std::string_view right) const {
  errors_.Add(table_.position, PathOf(key), "nothing", right);
}

std::string SettingTable::PathOf(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

std::string Describe(const TomlValue& value) {
  switch (value.kind) {
    case Kind::kTable:
      return "a table";
    case Kind::kArray:
      return "a list";
    case Kind::kString:
      return fmt::format("the string {}", Quoted(value.text));
    case Kind::kInteger:
      return fmt::format("the integer {}", value.text);
    case Kind::kFloat:
      return fmt::format("the number {}", value.text);
    case Kind::kBool:
      return value.text;
    case Kind::kDateTime:
      return fmt::format("the date or time {}", value.text);
  }
  return "";
}

TomlPosition PositionInside(const TomlValue& string, size_t offset) {
  TomlPosition position = string.position;
  if (string.verbatim) position.column += static_cast<uint32_t>(1 + offset);
  return position;
}

}  // namespace onrush
