// A line of the Common or Combined Log Format that web servers write.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace onrush {

// What a line consists of, by name; referer and agent are the combined format's.
inline constexpr std::array<std::string_view, 12> kLogFields = {
    "host", "ident",    "user",   "time",  "request", "method",
    "path", "protocol", "status", "bytes", "referer", "agent"};
inline constexpr size_t kCommonLogFields = 10;

// The texts of a line's fields, in the order of kLogFields; "-" and what is missing are empty.
using LogLine = std::array<std::string_view, kLogFields.size()>;

// Description
//   host ident user [time] "request" status bytes, and, if `combined`, perhaps "referer" "agent".
//   Single spaces stand in between; a user may hold spaces. In quotes, `\"` does not end the field,
//   and backslashes stay as they are. The request's method ends at its first space, its protocol is
//   a trailing ` HTTP/x`, its path is what lies between; without both, all three are empty.
//   Sets `fields` and returns null, or returns what is wrong, such as "no [time]".
// Cost
//   Linear; copies nothing.
const char* SplitLogLine(std::string_view line, bool combined, LogLine& fields);

}  // namespace onrush
