// A result line taken apart, for the views that show it to a person.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace onrush {

struct ResultCell {
  enum class Kind : uint8_t { kNull, kNumber, kBool, kText };
  std::string name;
  std::string text;  // numbers as they were written, texts unescaped, nothing for null
  Kind kind = Kind::kNull;
};

struct ResultLine {
  std::string query;
  std::vector<ResultCell> cells;               // in the line's order, without query and top
  bool ranked = false;                         // a top_k line: it has `top`
  std::vector<std::vector<ResultCell>> ranks;  // top_k: one entry a rank
};

// Takes the first line off `lines` and returns it without its '\n'. Requires: `lines` is not empty.
inline std::string_view TakeLine(std::string_view& lines) {
  const size_t end = lines.find('\n');
  const std::string_view line = lines.substr(0, end);
  lines.remove_prefix(end == lines.npos ? lines.size() : end + 1);
  return line;
}

// Reads the JSON lines that onrush writes. Reuses its memory; not thread-safe.
class ResultLineReader {
 public:
  ResultLineReader();
  ~ResultLineReader();

  // Reads `line`, without or with its '\n', into `result`. Fails with kInternal on what is no
  // result line. About 1 µs.
  absl::Status Read(std::string_view line, ResultLine& result);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace onrush
