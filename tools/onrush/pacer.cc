#include "tools/onrush/pacer.h"

#include <algorithm>
#include <charconv>

#include "fmt/format.h"

namespace onrush {

absl::StatusOr<std::optional<double>> ParseSpeed(std::string_view text) {
  if (text == "max") return std::nullopt;
  constexpr double kLargest = 1e6;
  double speed = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), speed, std::chars_format::fixed);
  const bool ends_in_x = end + 1 == text.data() + text.size() && *end == 'x';
  if (error != std::errc() || !ends_in_x || !(speed > 0 && speed <= kLargest)) {
    return absl::InvalidArgumentError(
        fmt::format("--speed '{}': must be max or like 1x, 10x, 0.5x", text));
  }
  return speed;
}

bool Pacer::IsRefused(EventTime time) const {
  return (stream_.valid_from && time < *stream_.valid_from) ||
         (stream_.valid_until && time >= *stream_.valid_until);
}

ProcessingTime Pacer::DueTime(const EventBatch& batch, ProcessingTime now) {
  for (size_t row = 0; row < batch.size; ++row) {
    const EventTime time{batch.times()[row]};
    if (batch.bad[row] || IsRefused(time)) continue;
    if (!started_) {
      started_ = true;
      start_ = now;
      first_ = largest_ = time;
    }
    largest_ = std::max(largest_, time);
  }
  if (!started_) return now;
  // As doubles: the span may not fit 64 bits, and a rounding of it is never noticed.
  const double elapsed_ns =
      (static_cast<double>(largest_.ns) - static_cast<double>(first_.ns)) / speed_;
  const auto farthest = static_cast<double>(kMaxEventTime.ns - start_.ns) / 2;
  return {start_.ns + static_cast<int64_t>(std::min(elapsed_ns, farthest))};
}

}  // namespace onrush
