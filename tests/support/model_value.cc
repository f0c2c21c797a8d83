#include "tests/support/model_value.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "tests/support/model_text.h"
#include "tests/support/model_time.h"

namespace onrush::model {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// A number cut into its parts; nothing if the text is not `[+-]? digits [. digits] [e exponent]`.
struct NumberText {
  bool negative = false;
  std::string whole;
  std::string fraction;
  bool has_point = false;
  bool has_exponent = false;
};

std::optional<NumberText> CutNumber(std::string_view text) {
  NumberText number;
  size_t at = 0;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) number.negative = text[at++] == '-';
  while (at < text.size() && IsDigit(text[at])) number.whole += text[at++];
  if (at < text.size() && text[at] == '.') {
    number.has_point = true;
    ++at;
    while (at < text.size() && IsDigit(text[at])) number.fraction += text[at++];
  }
  if (number.whole.empty() && number.fraction.empty()) return std::nullopt;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    number.has_exponent = true;
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const size_t digits_begin = at;
    while (at < text.size() && IsDigit(text[at])) ++at;
    if (at == digits_begin) return std::nullopt;
  }
  if (at != text.size()) return std::nullopt;
  return number;
}

std::optional<Value> ExactValue(bool negative, const std::string& digits) {
  Int128 magnitude = 0;
  const Int128 limit = Int128{std::numeric_limits<int64_t>::max()} + (negative ? 1 : 0);
  for (const char digit : digits) {
    magnitude = magnitude * 10 + (digit - '0');
    if (magnitude > limit) return std::nullopt;
  }
  return Value(negative ? -magnitude : magnitude);
}

std::optional<Value> ParseDecimal(const NumberText& number, int scale) {
  std::string fraction = number.fraction;
  while (fraction.size() < static_cast<size_t>(scale)) fraction += '0';
  const std::string beyond = fraction.substr(scale);
  if (beyond.find_first_not_of('0') != std::string::npos) return std::nullopt;
  return ExactValue(number.negative, number.whole + fraction.substr(0, scale));
}

std::optional<Value> ParseFloat(std::string_view text) {
  const double value = std::strtod(std::string(text).c_str(), nullptr);
  if (!std::isfinite(value)) return std::nullopt;
  return Value(value);
}

std::optional<Value> ParseNumber(std::string_view text, ValueType type) {
  const std::optional<NumberText> number = CutNumber(text);
  if (!number) return std::nullopt;
  if (type.kind == TypeKind::kFloat) return ParseFloat(text);
  if (number->has_exponent) return std::nullopt;
  if (type.kind == TypeKind::kDecimal) return ParseDecimal(*number, type.scale);
  if (number->has_point) return std::nullopt;
  return ExactValue(number->negative, number->whole);
}

std::string JsonExact(Int128 value, int scale) {
  std::string digits;
  Int128 rest = value < 0 ? -value : value;
  while (rest > 0 || digits.size() <= static_cast<size_t>(scale)) {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
  }
  if (scale > 0) digits.insert(digits.size() - scale, ".");
  return (value < 0 ? "-" : "") + digits;
}

std::string JsonFloat(double value) {
  if (!std::isfinite(value)) return "null";
  if (value == 0) return "0.0";
  char buffer[64];
  std::string text(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
  if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
  return text;
}

}  // namespace

std::optional<Value> ParseValue(std::string_view text, ValueType type) {
  switch (type.kind) {
    case TypeKind::kString:
      return Value(std::string(text));
    case TypeKind::kBool:
      if (text == "true") return Value(true);
      if (text == "false") return Value(false);
      return std::nullopt;
    default:
      return ParseNumber(text, type);
  }
}

std::string JsonValue(const Value& value, ValueType type) {
  if (IsNull(value)) return "null";
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  if (const auto* real = std::get_if<double>(&value)) return JsonFloat(*real);
  if (const auto* text = std::get_if<std::string>(&value)) return JsonString(*text);
  const Int128 exact = std::get<Int128>(value);
  if (type.kind == TypeKind::kTimestamp) return '"' + InstantText(exact) + '"';
  return JsonExact(exact, type.kind == TypeKind::kDecimal ? type.scale : 0);
}

double NearestDouble(Int128 numerator, Int128 denominator) {
  using Unsigned = unsigned __int128;
  const Unsigned magnitude =
      numerator < 0 ? -static_cast<Unsigned>(numerator) : static_cast<Unsigned>(numerator);
  const auto divisor = static_cast<Unsigned>(denominator);
  Unsigned quotient = magnitude / divisor;
  Unsigned rest = magnitude % divisor;
  int exponent = 0;
  // Long division, bit by bit, until there are more bits than a double has; what is left over then
  // only matters as "a little more".
  while (rest != 0 && (quotient >> 60) == 0) {
    rest *= 2;
    quotient = quotient * 2 + (rest >= divisor ? 1 : 0);
    if (rest >= divisor) rest -= divisor;
    --exponent;
  }
  if (rest != 0) quotient |= 1;
  const double result = std::ldexp(static_cast<double>(quotient), exponent);
  return numerator < 0 ? -result : result;
}

Int128 PowerOfTen(int exponent) { return exponent == 0 ? 1 : 10 * PowerOfTen(exponent - 1); }

}  // namespace onrush::model
