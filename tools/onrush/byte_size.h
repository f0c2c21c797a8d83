// Numbers of bytes as people write them.
#pragma once

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"

namespace onrush {

// Reads "4096", "64KiB", "256MiB", "10GiB". kInvalidArgument on anything else.
absl::StatusOr<uint64_t> ParseByteSize(std::string_view text);

}  // namespace onrush
