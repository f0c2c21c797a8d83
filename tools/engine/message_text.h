// What comes from a user's file, made fit for a message.
#pragma once

#include <string>
#include <string_view>

namespace onrush {

// `text` with a space for every control character.
std::string OnOneLine(std::string_view text);

// `text` in single quotes, shortened if it is long.
std::string Quoted(std::string_view text);

}  // namespace onrush
