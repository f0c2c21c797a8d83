#include <algorithm>
#include <array>

#include "tests/support/model_time.h"
#include "tests/support/model_value.h"
#include "tests/support/model_zone.h"
#include "tests/support/random_case.h"

namespace onrush {
namespace {

using model::Floor;
using model::InstantText;
using model::kSecond;

// "2024-03-31T01:59:60.5" cut at fixed places; the fraction with its point, or empty.
struct Parts {
  explicit Parts(Int128 time) : text(InstantText(time)) { text.pop_back(); }
  std::string Slice(size_t at, size_t size) const { return text.substr(at, size); }
  std::string year() const { return Slice(0, 4); }
  std::string month() const { return Slice(5, 2); }
  std::string day() const { return Slice(8, 2); }
  std::string date() const { return Slice(0, 10); }
  std::string clock() const { return Slice(11, 8); }
  std::string fraction() const { return text.substr(19); }
  std::string month_name() const {
    static constexpr std::array<const char*, 12> kNames = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return kNames[static_cast<size_t>(std::stoi(month())) - 1];
  }
  std::string text;
};

std::string Digits(Int128 number) { return model::JsonValue(number, {TypeKind::kInt}); }

std::string UnixText(Int128 time_ns, int64_t unit_ns, bool fraction, RandomSource& random) {
  const Int128 units = time_ns / unit_ns;
  std::string text = Digits(units);
  if (!fraction) return text;
  const Int128 rest = time_ns % unit_ns;
  std::string digits = Digits(rest < 0 ? -rest : rest);
  digits.insert(0, 9 - digits.size(), '0');
  if (digits == "000000000" && random.Percent(70)) return text;
  while (digits.size() > 1 && digits.back() == '0' && random.Percent(80)) digits.pop_back();
  if (time_ns < 0 && units == 0) text = "-0";
  if (random.Percent(3)) digits += random.Pick<std::string>({"0", "000000000", "0000000001"});
  return text + '.' + digits;
}

std::string TwoDigits(int64_t number) {
  return std::string(number < 10 ? "0" : "") + std::to_string(number);
}

std::string Rfc3339Text(Int128 time_ns, RandomSource& random) {
  const int64_t offset_minutes = random.Percent(70) ? 0 : random.Between(-14 * 60, 14 * 60);
  const Parts parts(time_ns + Int128{offset_minutes} * 60 * kSecond);
  std::string text = parts.date() + random.Pick<std::string>({"T", "T", "T", "t", " "}) +
                     parts.clock() + parts.fraction();
  if (offset_minutes == 0 && random.Percent(90)) {
    return text + random.Pick<std::string>({"Z", "Z", "Z", "z"});
  }
  const int64_t minutes = std::abs(offset_minutes);
  return text + (offset_minutes < 0 ? "-" : "+") + TwoDigits(minutes / 60) + ":" +
         TwoDigits(minutes % 60);
}

std::string ClfText(Int128 time_ns, RandomSource& random) {
  const int64_t offset_hours = random.Between(-11, 14);
  const Parts parts(time_ns + Int128{offset_hours} * 3600 * kSecond);
  return parts.day() + '/' + parts.month_name() + '/' + parts.year() + ':' + parts.clock() + ' ' +
         (offset_hours < 0 ? "-" : "+") + TwoDigits(std::abs(offset_hours)) + "00";
}

// One or two digits where the pattern allows it.
std::string MaybeShort(std::string digits, RandomSource& random) {
  if (digits[0] == '0' && random.Percent(30)) digits.erase(0, 1);
  return digits;
}

std::string PatternText(const TimeFormat& format, Int128 time_ns, RandomSource& random) {
  const auto utc = static_cast<int64_t>(Floor(time_ns, kSecond));
  int64_t offset = model::Zone::Named(format.time_zone).OffsetAt(utc);
  if (random.Percent(10)) offset += random.Pick<int64_t>({-3600, 1800, 3600});  // perhaps skipped
  const Parts parts(time_ns + offset * kSecond);
  std::string text;
  for (size_t i = 0; i < format.pattern.size(); ++i) {
    if (format.pattern[i] != '%') {
      text += format.pattern[i];
      continue;
    }
    switch (format.pattern[++i]) {
      case 'Y':
        text += parts.year();
        break;
      case 'm':
        text += MaybeShort(parts.month(), random);
        break;
      case 'b':
        text += parts.month_name();
        break;
      case 'd':
        text += MaybeShort(parts.day(), random);
        break;
      case 'H':
        text += MaybeShort(parts.clock().substr(0, 2), random);
        break;
      case 'M':
        text += parts.clock().substr(3, 2);
        break;
      default:  // %S
        text += parts.clock().substr(6, 2) + parts.fraction();
    }
  }
  return text;
}

}  // namespace

std::string RandomTimeText(const TimeFormat& format, Int128 time_ns, RandomSource& random) {
  switch (format.kind) {
    case TimeFormat::Kind::kUnixSeconds:
      return UnixText(time_ns, 1'000'000'000, true, random);
    case TimeFormat::Kind::kUnixMillis:
      return UnixText(time_ns, 1'000'000, false, random);
    case TimeFormat::Kind::kUnixMicros:
      return UnixText(time_ns, 1'000, false, random);
    case TimeFormat::Kind::kUnixNanos:
      return UnixText(time_ns, 1, false, random);
    case TimeFormat::Kind::kRfc3339:
      return Rfc3339Text(time_ns, random);
    case TimeFormat::Kind::kClf:
      return ClfText(time_ns, random);
    case TimeFormat::Kind::kPattern:
      return PatternText(format, time_ns, random);
  }
  return "";
}

}  // namespace onrush
