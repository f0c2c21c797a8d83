// Flags whose values are texts with a meaning.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace onrush {

// The same error, of a flag: "--sync: found 'often'; right would be …".
absl::Status OfFlag(std::string_view flag, const absl::Status& status);

// Reads `text` by `read` (a StatusOr of it) to `value`.
template <typename T, typename ReadFn>
absl::Status ReadFlag(std::string_view flag, const std::string& text, ReadFn read, T& value) {
  const auto result = read(text);
  if (!result.ok()) return OfFlag(flag, result.status());
  value = *result;
  return absl::OkStatus();
}

// kInvalidArgument unless least ≤ value ≤ most.
absl::Status CheckFlagRange(std::string_view flag, uint64_t value, uint64_t least, uint64_t most);

}  // namespace onrush
