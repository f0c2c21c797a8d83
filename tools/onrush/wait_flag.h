// How threads wait, as people write it.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "core/runtime/parker.h"

namespace onrush {

// Reads the value of --wait: spin, yield or park. kInvalidArgument on anything else.
absl::StatusOr<WaitStrategy> ReadWait(const std::string& text);

}  // namespace onrush
