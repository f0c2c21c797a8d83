// Characters of UTF-8 text.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace onrush {

// True for every byte of a character but its first.
constexpr bool IsUtf8Continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// How many characters begin in `text`.
constexpr size_t CountUtf8Characters(std::string_view text) {
  return text.size() -
         static_cast<size_t>(std::count_if(text.begin(), text.end(), IsUtf8Continuation));
}

}  // namespace onrush
