// A TOML file as a tree that remembers where everything stood and in which order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace onrush {

// Both from 1; columns count characters.
struct TomlPosition {
  uint32_t line = 1;
  uint32_t column = 1;
  friend auto operator<=>(const TomlPosition&, const TomlPosition&) = default;
};

struct TomlEntry;

struct TomlValue {
  enum class Kind : uint8_t { kTable, kArray, kString, kInteger, kFloat, kBool, kDateTime };

  Kind kind = Kind::kTable;
  TomlPosition position;  // of the value; of a table's header, if it has one
  // A string: its contents. A number, bool, date or time: as written.
  std::string text;
  int64_t integer = 0;
  bool boolean = false;
  // A string whose contents stand in the file just as they are, one column after `position`.
  bool verbatim = false;
  std::vector<TomlEntry> entries;  // kTable, in the file's order
  std::vector<TomlValue> items;    // kArray
};

struct TomlEntry {
  std::string key;
  TomlPosition position;
  TomlValue value;
};

// A pipeline file has some hundreds of bytes.
inline constexpr size_t kMaxTomlSize = 1024 * 1024;

// The root table of `text`. Fails with kInvalidArgument, "FILE:LINE:COLUMN: …", on what is no TOML
// and on what no pipeline needs: more than kMaxTomlSize bytes, or more than a few levels of
// nesting, which a recursive parser could not survive.
absl::StatusOr<TomlValue> ParseToml(std::string_view text, std::string_view file_name);

}  // namespace onrush
