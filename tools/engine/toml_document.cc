// toml++ is compiled into this file alone, without exceptions: it allocates and recurses only
// within the bounds that are set here.
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#define TOML_MAX_NESTED_VALUES 16
#include "tools/engine/toml_document.h"

#include <toml++/toml.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "fmt/format.h"

namespace onrush {
namespace {

constexpr size_t kMaxKeyParts = 32;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

absl::Status ErrorAt(std::string_view file_name, TomlPosition position, std::string_view problem) {
  return absl::InvalidArgumentError(
      fmt::format("{}:{}:{}: {}", file_name, position.line, position.column, problem));
}

// Description
//   Finds dotted keys of too many parts: toml++ turns each part into a level of nested tables
//   without a limit, and frees them by recursion. Strings and comments are stepped over; a dot
//   counts towards the key that it may belong to.
class KeyScanner {
 public:
  explicit KeyScanner(std::string_view text) : text_(text) {}

  // Where the first such key gets too long, if there is one.
  std::optional<TomlPosition> FindLongKey() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"' || c == '\'') {
        SkipString(c);
        continue;
      }
      if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
        continue;
      }
      if (c == '.' && ++dots_ >= kMaxKeyParts) return Position();
      if (std::string_view("=,{}[]\n").find(c) != std::string_view::npos) dots_ = 0;
      Advance();
    }
    return std::nullopt;
  }

 private:
  void SkipString(char quote) {
    const bool multi_line = Repeats(quote, 3);
    at_ += multi_line ? 3 : 1;
    while (at_ < text_.size() && !(multi_line ? Repeats(quote, 3) : EndsLine(quote))) {
      if (quote == '"' && text_[at_] == '\\') Advance();
      Advance();
    }
    // Up to two more quotes belong to a multi-line string's contents.
    for (int i = 0; i < (multi_line ? 5 : 1) && Repeats(quote, 1); ++i) ++at_;
  }
  bool Repeats(char quote, size_t times) const {
    return text_.size() - at_ >= times && text_.find_first_not_of(quote, at_) - at_ >= times;
  }
  bool EndsLine(char quote) const { return text_[at_] == quote || text_[at_] == '\n'; }
  void Advance() {
    if (at_ < text_.size() && text_[at_] == '\n') ++line_, line_start_ = at_ + 1;
    ++at_;
  }
  TomlPosition Position() const { return {line_, static_cast<uint32_t>(at_ - line_start_ + 1)}; }

  std::string_view text_;
  size_t at_ = 0;
  size_t dots_ = 0;
  uint32_t line_ = 1;
  size_t line_start_ = 0;
};

TomlPosition PositionOf(const toml::source_position& position) {
  return {position.line, position.column};
}

// Copies toml++'s tree, whose tables are sorted by key, into one in the file's order.
class Converter {
 public:
  explicit Converter(std::string_view text) : text_(text) {
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') line_starts_.push_back(i + 1);
    }
  }

  TomlValue Convert(const toml::node& node) const {
    TomlValue value;
    value.position = PositionOf(node.source().begin);
    node.visit([&](const auto& typed) { Fill(typed, value); });
    return value;
  }

 private:
  void Fill(const toml::table& table, TomlValue& value) const {
    value.kind = TomlValue::Kind::kTable;
    for (const auto& [key, node] : table) {
      value.entries.push_back(
          {std::string(key.str()), PositionOf(key.source().begin), Convert(node)});
    }
    std::sort(value.entries.begin(), value.entries.end(),
              [](const TomlEntry& a, const TomlEntry& b) { return a.position < b.position; });
  }
  void Fill(const toml::array& array, TomlValue& value) const {
    value.kind = TomlValue::Kind::kArray;
    for (const toml::node& item : array) value.items.push_back(Convert(item));
  }
  void Fill(const toml::value<std::string>& string, TomlValue& value) const {
    value.kind = TomlValue::Kind::kString;
    value.text = string.get();
    const std::string_view source = SourceOf(string);
    value.verbatim =
        source.size() == value.text.size() + 2 && source.substr(1, value.text.size()) == value.text;
  }
  void Fill(const toml::value<int64_t>& integer, TomlValue& value) const {
    value.kind = TomlValue::Kind::kInteger;
    value.integer = integer.get();
    value.text = SourceOf(integer);
  }
  void Fill(const toml::value<bool>& boolean, TomlValue& value) const {
    value.kind = TomlValue::Kind::kBool;
    value.boolean = boolean.get();
    value.text = SourceOf(boolean);
  }
  void Fill(const toml::value<double>& number, TomlValue& value) const {
    value.kind = TomlValue::Kind::kFloat;
    value.text = SourceOf(number);
  }
  template <typename DateOrTime>
  void Fill(const toml::value<DateOrTime>& time, TomlValue& value) const {
    value.kind = TomlValue::Kind::kDateTime;
    value.text = SourceOf(time);
  }

  std::string_view SourceOf(const toml::node& node) const {
    const size_t begin = OffsetOf(node.source().begin);
    const size_t end = OffsetOf(node.source().end);
    return text_.substr(begin, end - begin);
  }
  size_t OffsetOf(const toml::source_position& position) const {
    size_t offset = line_starts_[position.line - 1];
    for (uint32_t column = 1; column < position.column && offset < text_.size(); ++column) {
      ++offset;
      while (offset < text_.size() && (static_cast<unsigned char>(text_[offset]) & 0xC0) == 0x80) {
        ++offset;
      }
    }
    return offset;
  }

  std::string_view text_;
  std::vector<size_t> line_starts_ = {0};
};

}  // namespace

absl::StatusOr<TomlValue> ParseToml(std::string_view text, std::string_view file_name) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (text.size() > kMaxTomlSize) {
    return ErrorAt(
        file_name, {},
        fmt::format("found more than {0} bytes; would be right: at most {0}", kMaxTomlSize));
  }
  if (const std::optional<TomlPosition> position = KeyScanner(text).FindLongKey()) {
    return ErrorAt(file_name, *position,
                   fmt::format("found a key of more than {0} parts; would be right: at most {0}",
                               kMaxKeyParts));
  }
  const toml::parse_result result = toml::parse(text);
  if (!result) {
    return ErrorAt(file_name, PositionOf(result.error().source().begin),
                   fmt::format("no TOML: {}", result.error().description()));
  }
  return Converter(text).Convert(result.table());
}

}  // namespace onrush
