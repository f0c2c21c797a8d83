// Writing the pieces of a JSON line. One place, so that every output spells values alike.
#pragma once

#include <string>
#include <string_view>

namespace onrush {

// Appends `bytes` as a JSON string with its quotes. Escapes `"`, `\` and controls (\b \f \n \r \t,
// else \u00xx); each maximal invalid UTF-8 subpart becomes U+FFFD, as the Unicode Standard
// recommends (chapter 3.9, "U+FFFD Substitution of Maximal Subparts").
void AppendJsonString(std::string_view bytes, std::string& out);

// `,"name":`, what stands before a member's value.
std::string JsonMemberName(std::string_view name);

// Appends the shortest text that reads back as `value`: std::to_chars, with ".0" where only digits
// stand, and no negative zero. Requires: `value` is finite.
void AppendJsonFloat(double value, std::string& out);

// True if `bytes` is well-formed UTF-8 (no surrogates, no overlong forms, at most U+10FFFF).
// About 16 bytes a nanosecond on ASCII.
bool IsUtf8(std::string_view bytes);

// Appends base64 (RFC 4648, with padding) of `bytes`, without quotes.
void AppendBase64(std::string_view bytes, std::string& out);

}  // namespace onrush
