// Calendar, clocks and the texts of instants, counted out naively.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/int128.h"
#include "core/plan.h"

namespace onrush::model {

inline constexpr Int128 kSecond = 1'000'000'000;
inline constexpr Int128 kDay = 86'400 * kSecond;

// ⌊a / b⌋ for b > 0.
Int128 Floor(Int128 a, Int128 b);

// Reads a text in the stream's format; nothing if it is not one or lies outside 64-bit nanoseconds.
std::optional<Int128> ParseTime(std::string_view text, const TimeFormat& format);
std::optional<Int128> ParseRfc3339(std::string_view text);

// RFC 3339 in UTC, with 0, 3, 6 or 9 digits of fraction.
std::string InstantText(Int128 time);

// The day of a time zone that holds `time`: from the first instant of a local date to the first
// instant of the next date that has one.
struct DaySpan {
  Int128 start = 0;
  Int128 end = 0;
};
DaySpan ZonedDayOf(Int128 time, const std::string& zone);

}  // namespace onrush::model
