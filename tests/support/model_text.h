// JSON text as the model writes it.
#pragma once

#include <string>
#include <string_view>

namespace onrush::model {

// `bytes` as a JSON string with its quotes; what is not UTF-8 becomes U+FFFD, one for each maximal
// part that could have begun a character.
std::string JsonString(std::string_view bytes);

// True if `bytes` is UTF-8.
bool IsValidUtf8(std::string_view bytes);

// `"raw":"…"`, or `"raw_base64":"…"` if the bytes are not UTF-8.
std::string RawMember(std::string_view bytes);

}  // namespace onrush::model
