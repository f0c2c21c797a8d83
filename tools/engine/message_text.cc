#include "tools/engine/message_text.h"

#include <algorithm>

#include "core/utf8.h"
#include "fmt/format.h"

namespace onrush {

std::string OnOneLine(std::string_view text) {
  std::string line(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return line;
}

std::string Quoted(std::string_view text) {
  constexpr size_t kMaxBytes = 60;
  if (text.size() <= kMaxBytes) return fmt::format("'{}'", text);
  size_t size = kMaxBytes;
  while (size > 0 && IsUtf8Continuation(text[size])) --size;
  return fmt::format("'{}…'", text.substr(0, size));
}

}  // namespace onrush
