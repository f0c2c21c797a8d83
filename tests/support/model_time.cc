#include "tests/support/model_time.h"

#include <cctype>
#include <cstdio>
#include <limits>

#include "tests/support/model_zone.h"

namespace onrush::model {
namespace {

bool IsLeap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int DaysInMonth(int year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeap(year) ? 29 : kDays[month - 1];
}

struct Civil {
  int year = 1970;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int nanos = 0;

  bool Exists() const {
    return month >= 1 && month <= 12 && day >= 1 && day <= DaysInMonth(year, month) && hour <= 23 &&
           minute <= 59 && second <= 59;
  }
  // Seconds since 1970 as if the clock showed UTC.
  int64_t Seconds() const {
    int64_t days = day - 1;
    for (int m = 1; m < month; ++m) days += DaysInMonth(year, m);
    for (int y = 1970; y < year; ++y) days += IsLeap(y) ? 366 : 365;
    for (int y = year; y < 1970; ++y) days -= IsLeap(y) ? 366 : 365;
    return ((days * 24 + hour) * 60 + minute) * 60 + second;
  }
};

// Eats a text from the left.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool AtEnd() const { return rest_.empty(); }
  char Peek() const { return rest_.empty() ? '\0' : rest_.front(); }

  bool Eat(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // Reads `fewest` to `most` digits into `value`.
  bool EatNumber(size_t fewest, size_t most, int& value) {
    std::string digits = EatDigits(most);
    if (digits.size() < fewest) return false;
    value = std::stoi(digits);
    return true;
  }

  std::string EatDigits(size_t most) {
    std::string digits;
    while (digits.size() < most && Peek() >= '0' && Peek() <= '9' && !AtEnd()) {
      digits += rest_.front();
      rest_.remove_prefix(1);
    }
    return digits;
  }

  // In upper or lower case.
  bool EatMonthName(int& month) {
    static constexpr const char* kNames[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                             "jul", "aug", "sep", "oct", "nov", "dec"};
    std::string name(rest_.substr(0, 3));
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    for (int i = 0; i < 12; ++i) {
      if (name == kNames[i]) {
        month = i + 1;
        rest_.remove_prefix(3);
        return true;
      }
    }
    return false;
  }

  // Reads a point and one to nine digits, if a point and a digit are there.
  bool EatFraction(int& nanos) {
    if (rest_.size() < 2 || rest_[0] != '.' || rest_[1] < '0' || rest_[1] > '9') return true;
    rest_.remove_prefix(1);
    std::string digits = EatDigits(10);
    if (digits.size() > 9) return false;
    digits.resize(9, '0');
    nanos = std::stoi(digits);
    return true;
  }

  // Reads +hh:mm or +hhmm as seconds.
  bool EatOffset(bool colon, int& offset) {
    const bool negative = Peek() == '-';
    if (!Eat('+') && !Eat('-')) return false;
    int hours = 0;
    int minutes = 0;
    if (!EatNumber(2, 2, hours) || (colon && !Eat(':')) || !EatNumber(2, 2, minutes)) return false;
    if (hours > 23 || minutes > 59) return false;
    offset = (negative ? -1 : 1) * (hours * 60 + minutes) * 60;
    return true;
  }

 private:
  std::string_view rest_;
};

std::optional<Int128> InRange(Int128 time) {
  if (time < std::numeric_limits<int64_t>::min()) return std::nullopt;
  if (time > std::numeric_limits<int64_t>::max()) return std::nullopt;
  return time;
}

std::optional<Int128> InstantAt(const Civil& civil, int64_t offset) {
  return InRange((civil.Seconds() - offset) * kSecond + civil.nanos);
}

// Digits beyond the nanoseconds may only be zeros.
std::optional<Int128> ParseUnix(std::string_view text, Int128 unit, bool fraction) {
  Reader reader(text);
  const bool negative = reader.Eat('-');
  std::string digits = reader.EatDigits(text.size());
  if (digits.empty()) return std::nullopt;
  std::string after_point;
  if (fraction && reader.Eat('.')) {
    after_point = reader.EatDigits(text.size());
    if (after_point.empty()) return std::nullopt;
  }
  if (!reader.AtEnd()) return std::nullopt;
  if (fraction) {
    while (after_point.size() > 9 && after_point.back() == '0') after_point.pop_back();
    if (after_point.size() > 9) return std::nullopt;
    after_point.resize(9, '0');
    digits += after_point;
    unit = 1;
  }
  Int128 magnitude = 0;
  for (const char digit : digits) {
    magnitude = magnitude * 10 + (digit - '0');
    if (!InRange(magnitude * unit - 1)) return std::nullopt;  // −2⁶³ is a time, 2⁶³ is not
  }
  return InRange((negative ? -magnitude : magnitude) * unit);
}

std::optional<Int128> ParseClf(std::string_view text) {
  Reader reader(text);
  Civil civil;
  int offset = 0;
  const bool read = reader.EatNumber(2, 2, civil.day) && reader.Eat('/') &&
                    reader.EatMonthName(civil.month) && reader.Eat('/') &&
                    reader.EatNumber(4, 4, civil.year) && reader.Eat(':') &&
                    reader.EatNumber(2, 2, civil.hour) && reader.Eat(':') &&
                    reader.EatNumber(2, 2, civil.minute) && reader.Eat(':') &&
                    reader.EatNumber(2, 2, civil.second) && reader.Eat(' ') &&
                    reader.EatOffset(false, offset) && reader.AtEnd();
  if (!read || !civil.Exists()) return std::nullopt;
  return InstantAt(civil, offset);
}

bool EatDirective(char directive, Reader& reader, Civil& civil) {
  switch (directive) {
    case 'Y':
      return reader.EatNumber(4, 4, civil.year);
    case 'm':
      return reader.EatNumber(1, 2, civil.month);
    case 'd':
      return reader.EatNumber(1, 2, civil.day);
    case 'H':
      return reader.EatNumber(1, 2, civil.hour);
    case 'M':
      return reader.EatNumber(2, 2, civil.minute);
    case 'S':
      return reader.EatNumber(2, 2, civil.second) && reader.EatFraction(civil.nanos);
    case 'b':
      return reader.EatMonthName(civil.month);
    default:
      return reader.Eat(directive);  // %%
  }
}

std::optional<Int128> ParsePattern(std::string_view text, const TimeFormat& format) {
  Reader reader(text);
  Civil civil;
  for (size_t i = 0; i < format.pattern.size(); ++i) {
    const bool directive = format.pattern[i] == '%';
    if (directive) ++i;
    const char c = format.pattern[i];
    if (!(directive ? EatDirective(c, reader, civil) : reader.Eat(c))) return std::nullopt;
  }
  if (!reader.AtEnd() || !civil.Exists()) return std::nullopt;
  const Int128 instant = Zone::Named(format.time_zone).InstantOf(civil.Seconds());
  return InRange(instant * kSecond + civil.nanos);
}

}  // namespace

Int128 Floor(Int128 a, Int128 b) { return a / b - (a % b < 0 ? 1 : 0); }

std::optional<Int128> ParseRfc3339(std::string_view text) {
  Reader reader(text);
  Civil civil;
  int offset = 0;
  const bool read =
      reader.EatNumber(4, 4, civil.year) && reader.Eat('-') &&
      reader.EatNumber(2, 2, civil.month) && reader.Eat('-') && reader.EatNumber(2, 2, civil.day) &&
      (reader.Eat('T') || reader.Eat('t') || reader.Eat(' ')) &&
      reader.EatNumber(2, 2, civil.hour) && reader.Eat(':') &&
      reader.EatNumber(2, 2, civil.minute) && reader.Eat(':') &&
      reader.EatNumber(2, 2, civil.second) && reader.EatFraction(civil.nanos) &&
      (reader.Eat('Z') || reader.Eat('z') || reader.EatOffset(true, offset)) && reader.AtEnd();
  if (!read || !civil.Exists()) return std::nullopt;
  return InstantAt(civil, offset);
}

std::optional<Int128> ParseTime(std::string_view text, const TimeFormat& format) {
  switch (format.kind) {
    case TimeFormat::Kind::kUnixSeconds:
      return ParseUnix(text, kSecond, true);
    case TimeFormat::Kind::kUnixMillis:
      return ParseUnix(text, 1'000'000, false);
    case TimeFormat::Kind::kUnixMicros:
      return ParseUnix(text, 1'000, false);
    case TimeFormat::Kind::kUnixNanos:
      return ParseUnix(text, 1, false);
    case TimeFormat::Kind::kRfc3339:
      return ParseRfc3339(text);
    case TimeFormat::Kind::kClf:
      return ParseClf(text);
    case TimeFormat::Kind::kPattern:
      return ParsePattern(text, format);
  }
  return std::nullopt;
}

std::string InstantText(Int128 time) {
  auto days = static_cast<int64_t>(Floor(time, kDay));
  const auto in_day = static_cast<int64_t>(time - days * kDay);
  int year = 1970;
  int month = 1;
  for (; days < 0; --year) days += IsLeap(year - 1) ? 366 : 365;
  for (; days >= (IsLeap(year) ? 366 : 365); ++year) days -= IsLeap(year) ? 366 : 365;
  for (; days >= DaysInMonth(year, month); ++month) days -= DaysInMonth(year, month);
  const auto seconds = static_cast<int>(in_day / 1'000'000'000);
  char buffer[48];
  std::snprintf(buffer, sizeof buffer, "%04d-%02d-%02dT%02d:%02d:%02d", year, month,
                static_cast<int>(days) + 1, seconds / 3600, seconds / 60 % 60, seconds % 60);
  std::string text = buffer;
  const auto nanos = static_cast<int>(in_day % 1'000'000'000);
  if (nanos != 0) {
    std::snprintf(buffer, sizeof buffer, ".%09d", nanos);
    text += buffer;
    while (text.ends_with("000")) text.resize(text.size() - 3);
  }
  return text + 'Z';
}

DaySpan ZonedDayOf(Int128 time, const std::string& zone_name) {
  Zone& zone = Zone::Named(zone_name);
  const auto utc = static_cast<int64_t>(Floor(time, kSecond));
  const auto date = static_cast<int64_t>(Floor(utc + zone.OffsetAt(utc), 86'400));
  DaySpan span;
  // Neighbouring dates too: after midnight the clock may go back to the evening before, and a date
  // may be missing.
  for (int64_t day = date - 2; day <= date + 3; ++day) {
    const std::optional<int64_t> start = zone.StartOfDay(day);
    if (!start) continue;
    span.end = *start * kSecond;
    if (*start > utc) break;
    span.start = span.end;
  }
  return span;
}

}  // namespace onrush::model
