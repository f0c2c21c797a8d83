// Texts into instants, in any of a stream's time formats.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "core/plan.h"
#include "core/time.h"
#include "ingest/field_parser.h"
#include "ingest/minute_cache.h"
#include "ingest/time_pattern.h"
#include "ingest/zone_offset.h"

namespace onrush {

// Description
//   unix_s, unix_ms, unix_us, unix_ns: digits with an optional `-`; unix_s also with a point and
//   one to nine digits (more if they are zeros). rfc3339: see ParseInstant(). clf: the pattern
//   `%d/%b/%Y:%H:%M:%S %z`, always with all digits and without a fraction. Patterns: see
//   TimePattern; read in the format's time zone unless %z names the offset. An instant outside
//   EventTime is refused.
// Threads
//   Each thread uses one of its own: the last minute and the last offset are kept.
class TimeParser {
 public:
  // Fails with kInvalidArgument on a bad pattern or a time zone that the system does not know.
  static absl::StatusOr<TimeParser> Create(const TimeFormat& format);

  // Sets `ns` and returns true, or returns false. 5 ns for usual unix times and for texts of the
  // minute of the last call; else up to 100 ns, and 600 in a zone whose clocks changed in between.
  bool Read(std::string_view text, int64_t& ns) {
    if (unix_) return ReadUnix(text, ns);
    if (fixed_size_ != 0 && text.size() != fixed_size_) return false;
    return minute_.Match(text, ns) || ReadText(text, ns);
  }

  // Why Read() returned false, for the bad output: "not a number: 'x'". Allocates.
  std::string Describe(std::string_view text) const;

 private:
  TimeParser() = default;

  // Of 9 to 16 digits, as these times have in our centuries, the last eight change from event to
  // event, the ones before them rarely.
  bool ReadUnix(std::string_view text, int64_t& ns) {
    if (text.size() - 9 < 8) {
      const uint64_t head = DigitValues(LoadWord(text.data())) << (128 - 8 * text.size());
      const uint64_t tail = DigitValues(LoadWord(text.data() + text.size() - 8));
      if (AllDigits(tail) && (head == last_head_ || RememberHead(head))) {
        return !__builtin_mul_overflow(head_value_ + JoinEightDigits(tail), ns_per_unit_, &ns);
      }
    }
    return ReadUnixSlow(text, ns) == FieldError::kNone;
  }
  bool RememberHead(uint64_t head);
  FieldError ReadUnixSlow(std::string_view text, int64_t& ns) const;
  bool ReadText(std::string_view text, int64_t& ns);
  bool ReadRfc3339(std::string_view text, int64_t& ns);
  bool ReadPattern(std::string_view text, int64_t& ns);
  bool ReadLocal(std::string_view text, LocalTime& local) const;

  TimeFormat format_;
  bool unix_ = false;
  size_t fixed_size_ = 0;  // of all texts, or 0
  int64_t ns_per_unit_ = 0;
  uint64_t last_head_ = 0;  // the digits before the last eight of a unix time, as DigitValues() …
  int64_t head_value_ = 0;  // … and what they count
  std::optional<TimePattern> pattern_;  // clf and patterns
  ZoneOffset zone_{absl::UTCTimeZone()};
  MinuteCache minute_;
};

}  // namespace onrush
