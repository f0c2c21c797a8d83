// Fields that queries name.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "tools/engine/pipeline_stream.h"
#include "tools/engine/setting_table.h"

namespace onrush {

// The columns of the stream that a query reads. Without a stream, and for names that may be missing
// because of other errors, it finds nothing and reports nothing.
class ColumnFinder {
 public:
  // `stream` may be null; it must outlive the finder.
  explicit ColumnFinder(const StreamSettings* stream) : stream_(stream) {}

  bool ready() const { return stream_ != nullptr && stream_->complete; }
  const StreamPlan& plan() const { return stream_->plan; }

  // The column `name`, which stands `offset` characters into the string `text` of setting `key`.
  std::optional<size_t> Find(const SettingTable& settings, std::string_view key,
                             const TomlValue& text, std::string_view name, size_t offset) const;
  // The same for the whole of the string.
  std::optional<size_t> Find(const SettingTable& settings, std::string_view key,
                             const TomlValue& text) const;
  // The same, and it must be a number for the sake of `purpose`, such as "sum".
  std::optional<size_t> FindNumber(const SettingTable& settings, std::string_view key,
                                   const TomlValue& text, std::string_view name, size_t offset,
                                   std::string_view purpose) const;

 private:
  const StreamSettings* stream_;
};

}  // namespace onrush
