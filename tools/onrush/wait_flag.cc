#include "tools/onrush/wait_flag.h"

#include "tools/onrush/command_line.h"

namespace onrush {

absl::StatusOr<WaitStrategy> ReadWait(const std::string& text) {
  if (text == "spin") return WaitStrategy::kSpin;
  if (text == "yield") return WaitStrategy::kYield;
  if (text == "park") return WaitStrategy::kPark;
  return absl::InvalidArgumentError(Unknown("strategy", text, {"spin", "yield", "park"}));
}

}  // namespace onrush
