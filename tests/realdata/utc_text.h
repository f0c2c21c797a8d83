// Instants as text, in milliseconds since 1970 UTC, by the C library.
#pragma once

#include <cstdint>
#include <string>

namespace onrush::realdata {

// Reads `2015-09-12T00:46:58.771Z` or `2015-09-12 00:46:58`, as if of UTC.
int64_t ReadUtc(const std::string& text);

// `2015-09-12T00:46:58.771Z`; whole seconds without a fraction.
std::string UtcText(int64_t millis);

}  // namespace onrush::realdata
