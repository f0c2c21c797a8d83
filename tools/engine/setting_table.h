// Typed access to the settings in a table of a pipeline file.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "tools/engine/pipeline_errors.h"
#include "tools/engine/toml_document.h"

namespace onrush {

// Description
//   A TOML table, the name that messages give it ("stream.clicks") and where they go. Every getter
//   reports what is wrong with the setting and yields nothing then, as it does for one that is
//   absent; the Require… forms report absence too.
class SettingTable {
 public:
  // All three must outlive it. Requires: `table` is a table.
  SettingTable(const TomlValue& table, std::string path, PipelineErrors& errors)
      : table_(table), path_(std::move(path)), errors_(errors) {}

  // Reports every key that is not among `allowed`. `section` is the key's home in the list of
  // what is not supported yet.
  void CheckKeys(std::string_view section, const std::vector<std::string_view>& allowed) const;

  // The value as it is, or null.
  const TomlValue* Find(std::string_view key) const;
  bool Has(std::string_view key) const { return Find(key) != nullptr; }

  // `right` tells what the setting should be, for messages.
  const TomlValue* Get(std::string_view key, TomlValue::Kind kind, std::string_view right) const;
  const TomlValue* Require(std::string_view key, TomlValue::Kind kind,
                           std::string_view right) const;

  // From `low` to `high`.
  std::optional<int64_t> GetInteger(std::string_view key, int64_t low, int64_t high) const;
  std::optional<int64_t> RequireInteger(std::string_view key, int64_t low, int64_t high) const;
  std::optional<bool> GetBool(std::string_view key) const;
  std::optional<Duration> GetDuration(std::string_view key) const;
  std::optional<Duration> RequireDuration(std::string_view key) const;
  // A string, or a date and time with an offset.
  std::optional<EventTime> GetInstant(std::string_view key) const;
  // One of `choices`, as its position among them.
  std::optional<size_t> GetChoice(std::string_view key,
                                  const std::vector<std::string_view>& choices) const;
  std::optional<size_t> RequireChoice(std::string_view key,
                                      const std::vector<std::string_view>& choices) const;

  // Reports something about a setting: at its value, or, if it is absent, at the table.
  void Error(std::string_view key, std::string_view found, std::string_view right) const;
  // The same, `offset` characters into a string.
  void ErrorInside(std::string_view key, const TomlValue& string, size_t offset,
                   std::string_view text) const;
  void MissingError(std::string_view key, std::string_view right) const;

  // "stream.clicks.time"
  std::string PathOf(std::string_view key) const;
  const std::string& path() const { return path_; }
  const TomlValue& table() const { return table_; }
  PipelineErrors& errors() const { return errors_; }

 private:
  std::optional<int64_t> CheckInteger(std::string_view key, const TomlValue* value, int64_t low,
                                      int64_t high) const;
  std::optional<Duration> CheckDuration(std::string_view key, const TomlValue* value) const;
  std::optional<size_t> CheckChoice(std::string_view key, const TomlValue* value,
                                    const std::vector<std::string_view>& choices) const;

  const TomlValue& table_;
  std::string path_;
  PipelineErrors& errors_;
};

// "the string 'ten'", "the integer 3", "a table", …
std::string Describe(const TomlValue& value);

// Where character `offset` of a string's contents stands in the file, if that can be told, else
// where the string begins.
TomlPosition PositionInside(const TomlValue& string, size_t offset);

}  // namespace onrush
