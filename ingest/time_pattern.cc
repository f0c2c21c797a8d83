#include "ingest/time_pattern.h"

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "core/status_macros.h"
#include "core/value.h"
#include "fmt/format.h"

namespace onrush {
namespace {

constexpr std::string_view kDirectives = "YymdejbHMSz";
constexpr std::string_view kMonths = "janfebmaraprmayjunjulaugsepoctnovdec";

bool IsDigitAt(std::string_view text, size_t at) {
  return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

// Reads at least `least` and at most `most` digits.
bool TakeNumber(std::string_view text, size_t& at, int least, int most, int& number) {
  number = 0;
  int count = 0;
  for (; count < most && IsDigitAt(text, at); ++count, ++at) number = number * 10 + text[at] - '0';
  return count >= least;
}

// Reads a point and one to nine digits if a point and a digit come next.
bool TakeFraction(std::string_view text, size_t& at, int64_t& ns) {
  if (at >= text.size() || text[at] != '.' || !IsDigitAt(text, at + 1)) return true;
  int digits = 0;
  for (++at; IsDigitAt(text, at); ++at) {
    if (++digits > 9) return false;
    ns = ns * 10 + text[at] - '0';
  }
  ns *= kPowersOfTen[9 - digits];
  return true;
}

bool TakeMonthName(std::string_view text, size_t& at, int& month) {
  if (text.size() - at < 3) return false;
  for (month = 1; month <= 12; ++month) {
    const std::string_view name = kMonths.substr(static_cast<size_t>(month - 1) * 3, 3);
    // Setting the bit 0x20 turns exactly the two cases of a letter into its lower one.
    if ((text[at] | 0x20) == name[0] && (text[at + 1] | 0x20) == name[1] &&
        (text[at + 2] | 0x20) == name[2]) {
      at += 3;
      return true;
    }
  }
  return false;
}

bool TakeOffset(std::string_view text, size_t& at, std::optional<int64_t>& offset_s) {
  if (at >= text.size()) return false;
  const char sign = text[at++];
  if (sign == 'Z' || sign == 'z') {
    offset_s = 0;
    return true;
  }
  int hours = 0, minutes = 0;
  if ((sign != '+' && sign != '-') || !TakeNumber(text, at, 2, 2, hours)) return false;
  const bool colon = at < text.size() && text[at] == ':';
  if (colon) ++at;
  if ((colon || IsDigitAt(text, at)) && !TakeNumber(text, at, 2, 2, minutes)) return false;
  if (hours > 23 || minutes > 59) return false;
  const int64_t seconds = hours * 3600 + minutes * 60;
  offset_s = sign == '-' ? -seconds : seconds;
  return true;
}

absl::Status BadPattern(std::string_view pattern, std::string_view problem) {
  return absl::InvalidArgumentError(fmt::format("time_format '{}': {}", pattern, problem));
}

}  // namespace

struct TimePattern::Fields {
  int year = 0;
  int month = 1;
  int day = 1;
  int day_of_year = 0;  // 0: not given
  int hour = 0;
  int minute = 0;
  int second = 0;
  LocalTime time;
};

absl::StatusOr<TimePattern> TimePattern::Compile(std::string_view pattern) {
  TimePattern compiled;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      compiled.steps_.push_back({true, pattern[i]});
      continue;
    }
    if (++i == pattern.size())
      return BadPattern(pattern, "ends in a lone '%'; '%%' is a percent sign");
    ONRUSH_RETURN_IF_ERROR(compiled.AddDirective(pattern[i], pattern));
  }
  ONRUSH_RETURN_IF_ERROR(compiled.CheckComplete(pattern));
  return compiled;
}

absl::Status TimePattern::AddDirective(char directive, std::string_view pattern) {
  if (directive == '%') {
    steps_.push_back({true, '%'});
    return absl::OkStatus();
  }
  const std::string_view expansion = directive == 'T'   ? "H:M:S"
                                     : directive == 'F' ? "Y-m-d"
                                                        : std::string_view(&directive, 1);
  for (const char c : expansion) {
    if (c == ':' || c == '-') {
      steps_.push_back({true, c});
      continue;
    }
    if (kDirectives.find(c) == std::string_view::npos) {
      return BadPattern(
          pattern,
          fmt::format("'%{}' is not known; right would be %Y %y %m %b %d %e %j %H %M "
                      "%S %z %F %T %%{}",
                      directive, directive == 'f' ? " (%S reads a fraction by itself)" : ""));
    }
    if (Has(c)) return BadPattern(pattern, fmt::format("gives %{} twice", c));
    steps_.push_back({false, c});
  }
  return absl::OkStatus();
}

bool TimePattern::Has(char directive) const {
  for (const Step& step : steps_) {
    if (!step.literal && step.c == directive) return true;
  }
  return false;
}

absl::Status TimePattern::CheckComplete(std::string_view pattern) const {
  const int years = Has('Y') + Has('y');
  const int months = Has('m') + Has('b') + Has('j');
  const int days = Has('d') + Has('e') + Has('j');
  if (years != 1) return BadPattern(pattern, "needs the year once: %Y or %y");
  if (months != 1) return BadPattern(pattern, "needs the month once: %m, %b or, with the day, %j");
  if (days != 1) return BadPattern(pattern, "needs the day once: %d, %e or, with the month, %j");
  return absl::OkStatus();
}

bool TimePattern::Read(std::string_view text, LocalTime& time) const {
  Fields fields;
  size_t at = 0;
  for (const Step& step : steps_) {
    if (step.literal) {
      if (at >= text.size() || text[at++] != step.c) return false;
    } else if (!ReadDirective(step.c, text, at, fields)) {
      return false;
    }
  }
  return at == text.size() && ToLocalTime(fields, time);
}

bool TimePattern::ReadDirective(char directive, std::string_view text, size_t& at, Fields& fields) {
  switch (directive) {
    case 'Y':
      return TakeNumber(text, at, 4, 4, fields.year);
    case 'y':
      if (!TakeNumber(text, at, 2, 2, fields.year)) return false;
      fields.year += fields.year < 69 ? 2000 : 1900;
      return true;
    case 'm':
      return TakeNumber(text, at, 1, 2, fields.month);
    case 'b':
      return TakeMonthName(text, at, fields.month);
    case 'e':
      at += at < text.size() && text[at] == ' ';
      [[fallthrough]];
    case 'd':
      return TakeNumber(text, at, 1, 2, fields.day);
    case 'j':
      return TakeNumber(text, at, 1, 3, fields.day_of_year) && fields.day_of_year > 0;
    case 'H':
      return TakeNumber(text, at, 1, 2, fields.hour);
    case 'M':
      return TakeNumber(text, at, 2, 2, fields.minute);
    case 'S':
      fields.time.seconds_at = at;
      if (!TakeNumber(text, at, 2, 2, fields.second) ||
          !TakeFraction(text, at, fields.time.fraction_ns)) {
        return false;
      }
      fields.time.after_seconds = at;
      return true;
    default:  // Compile() lets nothing else but %z through
      return TakeOffset(text, at, fields.time.utc_offset_s);
  }
}

bool TimePattern::ToLocalTime(const Fields& fields, LocalTime& time) {
  if (fields.hour > 23 || fields.minute > 59 || fields.second > 59) return false;
  // CivilDay carries 30 February over into March; what comes out must be what went in.
  absl::CivilDay day(fields.year, fields.month, fields.day);
  if (fields.day_of_year > 0) {
    day += fields.day_of_year - 1;
    if (day.year() != fields.year) return false;
  } else if (day.month() != fields.month || day.day() != fields.day) {
    return false;
  }
  time = fields.time;
  time.seconds = (day - absl::CivilDay(1970, 1, 1)) * 86'400 + fields.hour * 3600 +
                 fields.minute * 60 + fields.second;
  return true;
}

}  // namespace onrush
