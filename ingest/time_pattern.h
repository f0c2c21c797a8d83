// strptime-like patterns, read strictly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace onrush {

// A date and time of day as a text states it.
struct LocalTime {
  // Seconds from 1970-01-01T00:00:00 on the clock that the text was read from.
  int64_t seconds = 0;
  int64_t fraction_ns = 0;
  std::optional<int64_t> utc_offset_s;  // east is positive; only if the text names it

  static constexpr size_t kNoSeconds = SIZE_MAX;
  size_t seconds_at = kNoSeconds;     // where in the text the two digits of the second begin …
  size_t after_seconds = kNoSeconds;  // … and where they, with their fraction, end
};

// Description
//   %Y four digits of the year · %y two (69–99: 19xx, 00–68: 20xx) · %m %d %e %H one or two digits
//   (%e also after a space) · %M two digits · %S two, then a fraction of one to nine digits if a
//   point and a digit follow · %j one to three digits, the day of the year · %b the first three
//   letters of the English month, in any case · %z `Z` or ±hh, ±hhmm, ±hh:mm · %T is %H:%M:%S ·
//   %F is %Y-%m-%d · %% is a percent sign. Everything else stands for itself, white space too.
//   Digits are taken greedily. `:60` and `24:00` are refused, as are days that a month has not.
// Threads
//   Immutable; any thread.
class TimePattern {
 public:
  // Fails with kInvalidArgument on an unknown directive, on one that comes twice and on a pattern
  // that gives no full date.
  static absl::StatusOr<TimePattern> Compile(std::string_view pattern);

  // Reads all of `text`, or returns false. About 50 ns.
  bool Read(std::string_view text, LocalTime& time) const;

 private:
  struct Step {
    bool literal = false;
    char c = 0;  // the byte itself, or the letter of the directive
  };
  struct Fields;

  TimePattern() = default;
  absl::Status AddDirective(char directive, std::string_view pattern);
  absl::Status CheckComplete(std::string_view pattern) const;
  bool Has(char directive) const;
  static bool ReadDirective(char directive, std::string_view text, size_t& at, Fields& fields);
  static bool ToLocalTime(const Fields& fields, LocalTime& time);

  std::vector<Step> steps_;
};

}  // namespace onrush
