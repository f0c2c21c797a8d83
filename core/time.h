// Event time, durations and their text forms.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "core/int128.h"

namespace onrush {

// A span of event time in nanoseconds. Settings are never negative; differences may be.
struct Duration {
  int64_t ns = 0;
  friend constexpr auto operator<=>(Duration, Duration) = default;
};

// An instant carried by an event: nanoseconds since 1970-01-01T00:00:00Z.
struct EventTime {
  int64_t ns = 0;
  friend constexpr auto operator<=>(EventTime, EventTime) = default;
};

inline constexpr EventTime kMinEventTime{std::numeric_limits<int64_t>::min()};
inline constexpr EventTime kMaxEventTime{std::numeric_limits<int64_t>::max()};

// Where event times are, from the earliest to the latest, in nanoseconds.
struct TimeRange {
  int64_t earliest = kMinEventTime.ns;
  int64_t latest = kMaxEventTime.ns;
};

// An instant that may lie outside EventTime's range, such as the end of the window of an event at
// kMaxEventTime. Nanoseconds since the epoch.
using WideTime = Int128;

inline constexpr int64_t kNanosPerSecond = 1'000'000'000;
inline constexpr int64_t kNanosPerDay = 86'400 * kNanosPerSecond;

// time + span and time − span, held at the ends of the range instead of wrapping.
constexpr EventTime SaturatingAdd(EventTime time, Duration span) {
  int64_t sum = 0;
  if (!__builtin_add_overflow(time.ns, span.ns, &sum)) return EventTime{sum};
  return span.ns < 0 ? kMinEventTime : kMaxEventTime;
}
constexpr EventTime SaturatingSubtract(EventTime time, Duration span) {
  int64_t difference = 0;
  if (!__builtin_sub_overflow(time.ns, span.ns, &difference)) return EventTime{difference};
  return span.ns < 0 ? kMaxEventTime : kMinEventTime;
}

// The EventTime nearest to `time`.
constexpr EventTime ClampToEventTime(WideTime time) {
  if (time < kMinEventTime.ns) return kMinEventTime;
  if (time > kMaxEventTime.ns) return kMaxEventTime;
  return EventTime{static_cast<int64_t>(time)};
}

// ⌊a / b⌋ for b > 0.
constexpr int64_t FloorDiv(int64_t a, int64_t b) {
  const int64_t quotient = a / b;
  return (a % b != 0 && a < 0) ? quotient - 1 : quotient;
}

// Reads `500us`, `90s`, `1h30m`, `0s`: whole numbers with the units d h m s ms us, largest
// first, each at most once. Fails with kInvalidArgument, naming the text, on anything else and on
// what does not fit 64 bits.
absl::StatusOr<Duration> ParseDuration(std::string_view text);

// The shortest such text: 90 s is "1m30s", zero is "0s". For messages also what settings cannot be:
// "-5s", "1ns".
std::string FormatDuration(Duration span);

// Reads RFC 3339: `T`, `t` or a space between date and time, `Z`, `z` or an offset, up to nine
// digits of fraction. Nothing for anything else (also `:60`, `24:00`, 30 February, a missing
// offset) and for instants outside EventTime. About 10 ns.
std::optional<EventTime> ParseInstant(std::string_view text);

// Appends `time` as RFC 3339 in UTC with Z and 0, 3, 6 or 9 digits of fraction, as few as keep it
// exact. Requires: the year lies in 0000..9999. About 20 ns.
void AppendInstant(WideTime time, std::string& out);
std::string FormatInstant(WideTime time);

}  // namespace onrush
