#include "core/time.h"

#include <array>
#include <cstring>

#include "absl/status/status.h"
#include "core/check.h"
#include "core/value.h"
#include "fmt/format.h"

namespace onrush {
namespace {

struct Unit {
  std::string_view name;
  int64_t ns;
};
constexpr std::array<Unit, 6> kUnits = {{{"d", kNanosPerDay},
                                         {"h", 3600 * kNanosPerSecond},
                                         {"m", 60 * kNanosPerSecond},
                                         {"s", kNanosPerSecond},
                                         {"ms", 1'000'000},
                                         {"us", 1'000}}};

absl::Status BadDuration(std::string_view text) {
  return absl::InvalidArgumentError(fmt::format(
      "'{}' is not a duration; right would be whole numbers with units, largest first, such as "
      "'500us', '250ms', '90s', '2m', '1h30m' or '1d'",
      text));
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Days since 1970-01-01 of a proleptic Gregorian date, and back. Years are counted from March so
// that the leap day comes last (the method is Howard Hinnant's "chrono-Compatible Low-Level Date
// Algorithms").
int64_t DaysFromCivil(int64_t year, int month, int day) {
  year -= month <= 2;
  const int64_t era = FloorDiv(year, 400);
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

struct CivilDate {
  int64_t year;
  int month;
  int day;
};
CivilDate CivilFromDays(int64_t days) {
  days += 719'468;
  const int64_t era = FloorDiv(days, 146'097);
  const int64_t day_of_era = days - era * 146'097;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int month_from_march = static_cast<int>((5 * day_of_year + 2) / 153);
  const int day = static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
  const int month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  return {year_of_era + era * 400 + (month <= 2), month, day};
}

int DaysInMonth(int64_t year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[month - 1];
}

// Reads exactly `count` digits at the front of `text`; -1 if they are not there.
int TakeDigits(std::string_view& text, size_t count) {
  if (text.size() < count) return -1;
  int value = 0;
  for (size_t i = 0; i < count; ++i) {
    if (!IsDigit(text[i])) return -1;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool TakeChar(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// Reads up to nine digits after a point as nanoseconds; -1 if there is none, or a tenth.
int64_t TakeFraction(std::string_view& text) {
  int64_t ns = 0;
  int digits = 0;
  while (!text.empty() && IsDigit(text.front())) {
    if (++digits > 9) return -1;
    ns = ns * 10 + (text.front() - '0');
    text.remove_prefix(1);
  }
  return digits == 0 ? -1 : ns * kPowersOfTen[9 - digits];
}

// Reads `Z`, `z` or ±hh:mm as seconds east of UTC.
std::optional<int64_t> TakeOffset(std::string_view& text) {
  if (TakeChar(text, 'Z') || TakeChar(text, 'z')) return 0;
  const bool west = !text.empty() && text.front() == '-';
  if (!west && (text.empty() || text.front() != '+')) return std::nullopt;
  text.remove_prefix(1);
  const int hours = TakeDigits(text, 2);
  if (hours < 0 || hours > 23 || !TakeChar(text, ':')) return std::nullopt;
  const int minutes = TakeDigits(text, 2);
  if (minutes < 0 || minutes > 59) return std::nullopt;
  const int64_t seconds = hours * 3600 + minutes * 60;
  return west ? -seconds : seconds;
}

void PutTwoDigits(char* out, int value) {
  out[0] = static_cast<char>('0' + value / 10);
  out[1] = static_cast<char>('0' + value % 10);
}

void AppendFraction(int64_t ns, std::string& out) {
  if (ns == 0) return;
  int digits = 9;
  for (; ns % 1000 == 0; ns /= 1000) digits -= 3;
  char buffer[10] = {'.'};
  for (int i = digits; i > 0; --i, ns /= 10) buffer[i] = static_cast<char>('0' + ns % 10);
  out.append(buffer, static_cast<size_t>(digits) + 1);
}

}  // namespace

absl::StatusOr<Duration> ParseDuration(std::string_view text) {
  std::string_view rest = text;
  int64_t total = 0;
  size_t next_unit = 0;
  if (rest.empty()) return BadDuration(text);
  while (!rest.empty()) {
    int64_t count = 0;
    size_t digits = 0;
    for (; digits < rest.size() && IsDigit(rest[digits]); ++digits) {
      if (__builtin_mul_overflow(count, int64_t{10}, &count) ||
          __builtin_add_overflow(count, int64_t{rest[digits] - '0'}, &count)) {
        return BadDuration(text);
      }
    }
    if (digits == 0) return BadDuration(text);
    rest.remove_prefix(digits);
    size_t letters = 0;
    while (letters < rest.size() && !IsDigit(rest[letters])) ++letters;
    const std::string_view name = rest.substr(0, letters);
    while (next_unit < kUnits.size() && kUnits[next_unit].name != name) ++next_unit;
    int64_t part = 0;
    if (next_unit == kUnits.size() || __builtin_mul_overflow(count, kUnits[next_unit].ns, &part) ||
        __builtin_add_overflow(total, part, &total)) {
      return BadDuration(text);
    }
    ++next_unit;
    rest.remove_prefix(letters);
  }
  return Duration{total};
}

std::string FormatDuration(Duration span) {
  if (span.ns == 0) return "0s";
  std::string text = span.ns < 0 ? "-" : "";
  // Unsigned, so that the most negative span has a magnitude, too.
  uint64_t rest = span.ns < 0 ? -static_cast<uint64_t>(span.ns) : static_cast<uint64_t>(span.ns);
  for (const Unit& unit : kUnits) {
    const auto unit_ns = static_cast<uint64_t>(unit.ns);
    if (rest >= unit_ns) text += fmt::format("{}{}", rest / unit_ns, unit.name);
    rest %= unit_ns;
  }
  if (rest != 0) text += fmt::format("{}ns", rest);
  return text;
}

std::optional<EventTime> ParseInstant(std::string_view text) {
  const int year = TakeDigits(text, 4);
  if (year < 0 || !TakeChar(text, '-')) return std::nullopt;
  const int month = TakeDigits(text, 2);
  if (month < 1 || month > 12 || !TakeChar(text, '-')) return std::nullopt;
  const int day = TakeDigits(text, 2);
  if (day < 1 || day > DaysInMonth(year, month)) return std::nullopt;
  if (!TakeChar(text, 'T') && !TakeChar(text, 't') && !TakeChar(text, ' ')) return std::nullopt;
  const int hour = TakeDigits(text, 2);
  if (hour < 0 || hour > 23 || !TakeChar(text, ':')) return std::nullopt;
  const int minute = TakeDigits(text, 2);
  if (minute < 0 || minute > 59 || !TakeChar(text, ':')) return std::nullopt;
  const int second = TakeDigits(text, 2);
  if (second < 0 || second > 59) return std::nullopt;
  int64_t fraction_ns = 0;
  if (TakeChar(text, '.')) {
    fraction_ns = TakeFraction(text);
    if (fraction_ns < 0) return std::nullopt;
  }
  const std::optional<int64_t> offset = TakeOffset(text);
  if (!offset || !text.empty()) return std::nullopt;
  const int64_t seconds =
      DaysFromCivil(year, month, day) * 86'400 + hour * 3600 + minute * 60 + second - *offset;
  const WideTime ns = WideTime{seconds} * kNanosPerSecond + fraction_ns;
  const EventTime time = ClampToEventTime(ns);
  if (time.ns != ns) return std::nullopt;
  return time;
}

void AppendInstant(WideTime time, std::string& out) {
  int64_t seconds = static_cast<int64_t>(time / kNanosPerSecond);
  int64_t ns = static_cast<int64_t>(time % kNanosPerSecond);
  if (ns < 0) {
    ns += kNanosPerSecond;
    --seconds;
  }
  const int64_t days = FloorDiv(seconds, 86'400);
  const int second_of_day = static_cast<int>(seconds - days * 86'400);
  const CivilDate date = CivilFromDays(days);
  ONRUSH_DCHECK(date.year >= 0 && date.year <= 9999);
  char buffer[20];
  std::memcpy(buffer, "0000-00-00T00:00:00", 19);
  PutTwoDigits(buffer, static_cast<int>(date.year / 100));
  PutTwoDigits(buffer + 2, static_cast<int>(date.year % 100));
  PutTwoDigits(buffer + 5, date.month);
  PutTwoDigits(buffer + 8, date.day);
  PutTwoDigits(buffer + 11, second_of_day / 3600);
  PutTwoDigits(buffer + 14, second_of_day / 60 % 60);
  PutTwoDigits(buffer + 17, second_of_day % 60);
  out.append(buffer, 19);
  AppendFraction(ns, out);
  out.push_back('Z');
}

std::string FormatInstant(WideTime time) {
  std::string text;
  AppendInstant(time, text);
  return text;
}

}  // namespace onrush
