#include "ingest/time_parser.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "core/status_macros.h"
#include "fmt/format.h"

namespace onrush {
namespace {

constexpr std::string_view kClfPattern = "%d/%b/%Y:%H:%M:%S %z";
constexpr std::string_view kClfExample = "10/Oct/2000:13:55:36 -0700";

constexpr int64_t kNanosPerMinute = 60 * kNanosPerSecond;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

int64_t NanosPerUnit(TimeFormat::Kind kind) {
  switch (kind) {
    case TimeFormat::Kind::kUnixSeconds:
      return kNanosPerSecond;
    case TimeFormat::Kind::kUnixMillis:
      return 1'000'000;
    case TimeFormat::Kind::kUnixMicros:
      return 1'000;
    case TimeFormat::Kind::kUnixNanos:
      return 1;
    case TimeFormat::Kind::kRfc3339:
    case TimeFormat::Kind::kClf:
    case TimeFormat::Kind::kPattern:
      return 0;
  }
  return 0;
}

// What the pattern would also take, days and hours of one digit and fractions, moves what stands
// between. Requires: the size of the example.
bool HasClfPlaces(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = kClfExample[i];
    if ((c == '/' || c == ':' || c == ' ') && text[i] != c) return false;
  }
  return true;
}

bool ToEventTime(WideTime wide, int64_t& ns) {
  const EventTime time = ClampToEventTime(wide);
  ns = time.ns;
  return time.ns == wide;
}

}  // namespace

absl::StatusOr<TimeParser> TimeParser::Create(const TimeFormat& format) {
  TimeParser parser;
  parser.format_ = format;
  parser.ns_per_unit_ = NanosPerUnit(format.kind);
  parser.unix_ = parser.ns_per_unit_ != 0;
  if (format.kind == TimeFormat::Kind::kClf) {
    ONRUSH_ASSIGN_OR_RETURN(parser.pattern_, TimePattern::Compile(kClfPattern));
    parser.fixed_size_ = kClfExample.size();
  }
  if (format.kind == TimeFormat::Kind::kPattern) {
    ONRUSH_ASSIGN_OR_RETURN(parser.pattern_, TimePattern::Compile(format.pattern));
    absl::TimeZone zone;
    if (!absl::LoadTimeZone(format.time_zone, &zone)) {
      return absl::InvalidArgumentError(
          fmt::format("time_zone: the system does not know '{}'; right would be a name of the IANA "
                      "time zone data base such as 'Europe/London'",
                      format.time_zone));
    }
    parser.zone_ = ZoneOffset(zone);
  }
  return parser;
}

bool TimeParser::RememberHead(uint64_t head) {
  if (!AllDigits(head)) return false;
  last_head_ = head;
  head_value_ = int64_t{JoinEightDigits(head)} * 100'000'000;
  return true;
}

// Digit by digit, for texts of any length and with a fraction; also says what is wrong.
FieldError TimeParser::ReadUnixSlow(std::string_view text, int64_t& ns) const {
  const bool negative = !text.empty() && text.front() == '-';
  size_t at = negative;
  WideTime units = 0;
  bool fits = true, exact = true;
  for (; at < text.size() && IsDigit(text[at]); ++at) {
    units = units * 10 + (text[at] - '0');
    fits = fits && units <= WideTime{kMaxEventTime.ns} + 1;  // as negative it fits
    if (!fits) units = 0;
  }
  if (at == size_t{negative}) return FieldError::kNotANumber;
  WideTime wide = units * ns_per_unit_;
  if (at < text.size()) {
    const bool fraction = format_.kind == TimeFormat::Kind::kUnixSeconds && text[at] == '.';
    if (!fraction || ++at == text.size()) return FieldError::kNotANumber;
    for (int64_t digit_ns = ns_per_unit_ / 10; at < text.size(); ++at, digit_ns /= 10) {
      if (!IsDigit(text[at])) return FieldError::kNotANumber;
      if (digit_ns == 0 && text[at] != '0') exact = false;
      wide += (text[at] - '0') * digit_ns;
    }
  }
  if (!exact) return FieldError::kTooPrecise;
  return fits && ToEventTime(negative ? -wide : wide, ns) ? FieldError::kNone
                                                          : FieldError::kOutOfRange;
}

bool TimeParser::ReadText(std::string_view text, int64_t& ns) {
  return format_.kind == TimeFormat::Kind::kRfc3339 ? ReadRfc3339(text, ns) : ReadPattern(text, ns);
}

bool TimeParser::ReadRfc3339(std::string_view text, int64_t& ns) {
  const std::optional<EventTime> time = ParseInstant(text);
  if (!time) return false;
  ns = time->ns;
  // The seconds have a fixed place; the offset, of whole minutes, begins at the next sign or Z.
  constexpr size_t kSecondsAt = std::string_view("0000-00-00T00:00:").size();
  const size_t offset_at = text.find_first_of("Zz+-", kSecondsAt);
  const WideTime minute = WideTime{FloorDiv(ns, kNanosPerMinute)} * kNanosPerMinute;
  int64_t minute_ns = 0;
  if (ToEventTime(minute, minute_ns)) minute_.Store(text, kSecondsAt, offset_at, minute_ns);
  return true;
}

bool TimeParser::ReadLocal(std::string_view text, LocalTime& local) const {
  if (fixed_size_ != 0 && (text.size() != fixed_size_ || !HasClfPlaces(text))) return false;
  return pattern_->Read(text, local);
}

bool TimeParser::ReadPattern(std::string_view text, int64_t& ns) {
  LocalTime local;
  if (!ReadLocal(text, local)) return false;
  const int64_t minute_s = FloorDiv(local.seconds, 60) * 60;
  bool one_offset = true;  // throughout the minute
  int64_t offset_s = 0;
  if (local.utc_offset_s) {
    offset_s = *local.utc_offset_s;
  } else {
    const ZoneOffset::Stretch& stretch = zone_.At(local.seconds);
    offset_s = stretch.offset_s;
    one_offset = stretch.begin_s <= minute_s && minute_s + 60 <= stretch.end_s;
  }
  const WideTime wide = (WideTime{local.seconds} - offset_s) * kNanosPerSecond + local.fraction_ns;
  if (!ToEventTime(wide, ns)) return false;
  const WideTime wide_minute = (WideTime{minute_s} - offset_s) * kNanosPerSecond;
  int64_t minute_ns = 0;
  if (!one_offset || !ToEventTime(wide_minute, minute_ns)) return true;
  if (local.seconds_at == LocalTime::kNoSeconds) {
    minute_.Store(text, text.size(), text.size(), ns);
  } else {
    minute_.Store(text, local.seconds_at, local.after_seconds, minute_ns);
  }
  return true;
}

std::string TimeParser::Describe(std::string_view text) const {
  const std::string quoted = QuoteShort(text);
  LocalTime local;
  int64_t ns = 0;
  switch (format_.kind) {
    case TimeFormat::Kind::kRfc3339:
      return "not an RFC 3339 time: " + quoted;
    case TimeFormat::Kind::kClf:
    case TimeFormat::Kind::kPattern:
      if (ReadLocal(text, local)) return "out of range for timestamp: " + quoted;
      if (format_.kind == TimeFormat::Kind::kClf) return "not a Common Log Format time: " + quoted;
      return fmt::format("not a time of the form '{}': {}", format_.pattern, quoted);
    default:
      return onrush::Describe(ReadUnixSlow(text, ns), text, {TypeKind::kTimestamp, 9});
  }
}

}  // namespace onrush
