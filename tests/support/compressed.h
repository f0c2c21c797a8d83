// Compressed bytes for tests.
#pragma once

#include <string>
#include <string_view>

namespace onrush {

std::string Gzip(std::string_view text);
std::string Zstd(std::string_view text);

}  // namespace onrush
