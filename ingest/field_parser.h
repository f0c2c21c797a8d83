// Texts of single fields into values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/value.h"
#include "ingest/swar.h"

namespace onrush {

// Why a text is no value of its field's type.
enum class FieldError : uint8_t {
  kNone,
  kNotANumber,
  kNotWhole,    // a number, but the field is an int
  kTooPrecise,  // more digits after the point than the decimal's scale
  kOutOfRange,  // does not fit 64 bits, or a finite double
  kNotABool,
};

// Reads `[+-]?` ASCII digits.
FieldError ReadInt(std::string_view text, int64_t& value);

// Reads `[+-]?` ASCII digits with an optional point, at least one digit, as a multiple of
// 10^-scale: "1.50" and "1.5" are 15 for scale 1, "1.55" is too precise. Requires: 0 ≤ scale ≤ 18.
FieldError ReadDecimal(std::string_view text, int scale, int64_t& mantissa);

// Reads an optional sign, digits with an optional point, an optional exponent; rounded correctly,
// to zero too, and never a negative zero. NaN, infinities, hexadecimal and underscores are no
// numbers.
FieldError ReadFloat(std::string_view text, double& value);

// Reads `true` or `false`.
FieldError ReadBool(std::string_view text, int64_t& value);

// The reason for the bad output, such as `not a number: 'x'`. Allocates.
std::string Describe(FieldError error, std::string_view text, ValueType type);

// `text` in single quotes for a message, shortened with … when it is long.
std::string QuoteShort(std::string_view text);

// The same for text after which kReadableAfterField more bytes can be read: usual texts at a few
// nanoseconds, all others through the functions above.
inline constexpr size_t kReadableAfterField = 8;

inline FieldError ReadIntFast(std::string_view text, int64_t& value) {
  const char* p = text.data();
  const bool negative = *p == '-';
  const bool sign = negative || *p == '+';
  const size_t size = text.size() - sign;
  uint64_t number = 0;
  if (size - 1 < 16 && ReadDigits(p + sign, size, number)) {
    value = negative ? -static_cast<int64_t>(number) : static_cast<int64_t>(number);
    return FieldError::kNone;
  }
  return ReadInt(text, value);
}

// A number of at most eight characters after the sign, split at its point.
struct ShortDecimal {
  uint32_t digits = 0;  // without the point
  uint32_t digits_after_point = 0;
  bool negative = false;
};
inline bool ReadShortDecimal(std::string_view text, ShortDecimal& number) {
  const char* p = text.data();
  number.negative = *p == '-';
  const bool sign = number.negative || *p == '+';
  const size_t size = text.size() - sign;
  if (size - 1 >= 8) return false;
  uint64_t values = DigitValues(LoadWord(p + sign)) << (64 - 8 * size);
  // The lowest byte that holds the point; zeros in front of the text are none.
  const uint64_t not_point = values ^ (('.' ^ '0') * kEachByte);
  const uint64_t point = (not_point - kEachByte) & ~not_point & kHighBits;
  if (point != 0) {
    if (size == 1) return false;
    const int shift = std::countr_zero(point) & ~7;
    const uint64_t before = values & ((uint64_t{1} << shift) - 1);
    const uint64_t after = values & (~uint64_t{0xFF} << shift);
    values = before << 8 | after;
    number.digits_after_point = static_cast<uint32_t>(7 - shift / 8);
  } else {
    number.digits_after_point = 0;
  }
  number.digits = JoinEightDigits(values);
  return AllDigits(values);
}

inline FieldError ReadDecimalFast(std::string_view text, int scale, int64_t& mantissa) {
  ShortDecimal number;
  if (ReadShortDecimal(text, number)) {
    const int more_zeros = scale - static_cast<int>(number.digits_after_point);
    if (more_zeros >= 0 && more_zeros <= 10) {  // 10^8 · 10^10 fits
      const int64_t magnitude = number.digits * kPowersOfTen[more_zeros];
      mantissa = number.negative ? -magnitude : magnitude;
      return FieldError::kNone;
    }
  }
  return ReadDecimal(text, scale, mantissa);
}

inline FieldError ReadFloatFast(std::string_view text, double& value) {
  ShortDecimal number;
  if (ReadShortDecimal(text, number) && (number.digits != 0 || !number.negative)) {
    // Both are exact doubles, so that the division rounds once. (A negative zero is not wanted.)
    const double magnitude =
        number.digits / static_cast<double>(kPowersOfTen[number.digits_after_point]);
    value = number.negative ? -magnitude : magnitude;
    return FieldError::kNone;
  }
  return ReadFloat(text, value);
}

}  // namespace onrush
