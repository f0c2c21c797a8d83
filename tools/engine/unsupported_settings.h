// What the contract has, but this version does not.
#pragma once

#include <string_view>

namespace onrush {

// True if `key` is a setting that a later version will know in `section`: "file", "stream",
// "window", or a query's type.
bool IsUnsupported(std::string_view section, std::string_view key);

}  // namespace onrush
