// Writing fields of CSV.
#pragma once

#include <string>
#include <string_view>

namespace onrush {

// Appends a field, in quotes if it could be read as something else without (RFC 4180).
void AppendCsvField(std::string_view text, std::string& out);

}  // namespace onrush
