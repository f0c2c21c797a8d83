#include "ingest/field_parser.h"

#include <charconv>
#include <system_error>

#include "absl/strings/charconv.h"
#include "fmt/format.h"

namespace onrush {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool TakeSign(std::string_view& text) {
  if (text.empty() || (text.front() != '-' && text.front() != '+')) return false;
  const bool negative = text.front() == '-';
  text.remove_prefix(1);
  return negative;
}

// number = number · 10 + digit, or false.
bool AppendDigit(uint64_t& number, char digit) {
  return !__builtin_mul_overflow(number, uint64_t{10}, &number) &&
         !__builtin_add_overflow(number, static_cast<uint64_t>(digit - '0'), &number);
}

FieldError ApplySign(bool negative, uint64_t magnitude, int64_t& value) {
  constexpr uint64_t kMax = INT64_MAX;
  if (magnitude > kMax + negative) return FieldError::kOutOfRange;
  value = static_cast<int64_t>(negative ? -magnitude : magnitude);
  return FieldError::kNone;
}

}  // namespace

FieldError ReadInt(std::string_view text, int64_t& value) {
  std::string_view digits = text;
  const bool negative = TakeSign(digits);
  uint64_t magnitude = 0;
  bool fits = true;
  for (const char c : digits) {
    if (!IsDigit(c)) {
      double number = 0;
      return ReadFloat(text, number) == FieldError::kNone ? FieldError::kNotWhole
                                                          : FieldError::kNotANumber;
    }
    fits = fits && AppendDigit(magnitude, c);
  }
  if (digits.empty()) return FieldError::kNotANumber;
  return fits ? ApplySign(negative, magnitude, value) : FieldError::kOutOfRange;
}

FieldError ReadDecimal(std::string_view text, int scale, int64_t& mantissa) {
  const bool negative = TakeSign(text);
  uint64_t magnitude = 0;
  int missing_digits = scale;  // until the mantissa has all its digits after the point
  size_t digit_count = 0;
  bool point = false, fits = true, exact = true;
  for (const char c : text) {
    if (c == '.' && !point) {
      point = true;
      continue;
    }
    if (!IsDigit(c)) return FieldError::kNotANumber;
    ++digit_count;
    if (point && missing_digits == 0) {
      exact = exact && c == '0';
    } else {
      fits = fits && AppendDigit(magnitude, c);
      missing_digits -= point;
    }
  }
  if (digit_count == 0) return FieldError::kNotANumber;
  if (!exact) return FieldError::kTooPrecise;
  if (!fits || __builtin_mul_overflow(
                   magnitude, static_cast<uint64_t>(kPowersOfTen[missing_digits]), &magnitude)) {
    return FieldError::kOutOfRange;
  }
  return ApplySign(negative, magnitude, mantissa);
}

FieldError ReadFloat(std::string_view text, double& value) {
  const bool negative = TakeSign(text);
  // from_chars would take a second sign, "inf" and "nan".
  if (text.empty() || (!IsDigit(text.front()) && text.front() != '.')) {
    return FieldError::kNotANumber;
  }
  const char* const end = text.data() + text.size();
  double magnitude = 0;
  const std::from_chars_result result = std::from_chars(text.data(), end, magnitude);
  if (result.ec == std::errc::invalid_argument || result.ptr != end) return FieldError::kNotANumber;
  if (result.ec == std::errc::result_out_of_range) {
    absl::from_chars(text.data(), end,
                     magnitude);  // tells what is too small from what is too large
    if (magnitude > 1) return FieldError::kOutOfRange;
  }
  value = negative && magnitude != 0 ? -magnitude : magnitude;
  return FieldError::kNone;
}

FieldError ReadBool(std::string_view text, int64_t& value) {
  value = text == "true";
  return value != 0 || text == "false" ? FieldError::kNone : FieldError::kNotABool;
}

std::string QuoteShort(std::string_view text) {
  constexpr size_t kLongest = 60;
  if (text.size() <= kLongest) return fmt::format("'{}'", text);
  size_t size = kLongest;
  while (size > kLongest - 4 && (text[size] & 0xC0) == 0x80) --size;  // not inside a character
  return fmt::format("'{}…'", text.substr(0, size));
}

std::string Describe(FieldError error, std::string_view text, ValueType type) {
  const std::string quoted = QuoteShort(text);
  switch (error) {
    case FieldError::kNone:
      break;
    case FieldError::kNotANumber:
      return "not a number: " + quoted;
    case FieldError::kNotWhole:
      return "not a whole number: " + quoted;
    case FieldError::kTooPrecise:
      return fmt::format("more than {} digit{} after the point: {}", type.scale,
                         type.scale == 1 ? "" : "s", quoted);
    case FieldError::kOutOfRange:
      return fmt::format("out of range for {}: {}", TypeName(type), quoted);
    case FieldError::kNotABool:
      return "neither true nor false: " + quoted;
  }
  return quoted;
}

}  // namespace onrush
