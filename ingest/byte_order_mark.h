// The mark that some programs put at the start of a UTF-8 text.
#pragma once

#include <cstddef>
#include <string_view>

namespace onrush {

inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// How many bytes of `text`, the start of an input, are a byte order mark: 3 or 0.
inline size_t ByteOrderMarkSize(std::string_view text) {
  return text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
}

}  // namespace onrush
