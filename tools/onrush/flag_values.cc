#include "tools/onrush/flag_values.h"

#include "fmt/format.h"

namespace onrush {

absl::Status OfFlag(std::string_view flag, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::InvalidArgumentError(fmt::format("{}: {}", flag, std::string(status.message())));
}

absl::Status CheckFlagRange(std::string_view flag, uint64_t value, uint64_t least, uint64_t most) {
  if (value >= least && value <= most) return absl::OkStatus();
  return absl::InvalidArgumentError(
      fmt::format("{} {}: must be from {} to {}", flag, value, least, most));
}

}  // namespace onrush
