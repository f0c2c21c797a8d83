#include "tools/onrush/byte_size.h"

#include <charconv>
#include <limits>
#include <system_error>

#include "absl/status/status.h"
#include "fmt/format.h"

namespace onrush {
namespace {

struct Unit {
  std::string_view name;
  int shift;
};
constexpr Unit kUnits[] = {{"", 0}, {"KiB", 10}, {"MiB", 20}, {"GiB", 30}, {"TiB", 40}};

}  // namespace

absl::StatusOr<uint64_t> ParseByteSize(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view rest = text.substr(static_cast<size_t>(end - text.data()));
  for (const Unit& unit : kUnits) {
    const bool fits = number <= std::numeric_limits<uint64_t>::max() >> unit.shift;
    if (error == std::errc() && rest == unit.name && fits) return number << unit.shift;
  }
  return absl::InvalidArgumentError(
      fmt::format("found '{}'; right would be a number of bytes such as 256MiB", text));
}

}  // namespace onrush
