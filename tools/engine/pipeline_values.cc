#include "tools/engine/pipeline_values.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "core/suggest.h"
#include "fmt/format.h"

namespace onrush {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// A number taken apart: digits · 10^exponent.
struct Decimal {
  bool negative = false;
  std::string digits;  // without leading zeros, so empty for zero
  int64_t exponent = 0;
};

// Moves the digits at the front of `text` to `decimal`; false if there are none.
bool TakeDigits(std::string_view& text, Decimal& decimal) {
  const size_t before = text.size();
  while (!text.empty() && IsDigit(text.front())) {
    if (!decimal.digits.empty() || text.front() != '0') decimal.digits.push_back(text.front());
    text.remove_prefix(1);
  }
  return text.size() != before;
}

std::optional<Decimal> TakeApart(std::string_view number) {
  std::string plain(number);
  plain.erase(std::remove(plain.begin(), plain.end(), '_'), plain.end());
  std::string_view text = plain;
  Decimal decimal;
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
    decimal.negative = text.front() == '-';
    text.remove_prefix(1);
  }
  if (!TakeDigits(text, decimal)) return std::nullopt;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    const size_t places = text.size();
    if (!TakeDigits(text, decimal)) return std::nullopt;
    decimal.exponent = -static_cast<int64_t>(places - text.size());
  }
  if (!text.empty() && (text.front() == 'e' || text.front() == 'E')) {
    text.remove_prefix(text.size() > 2 && text[1] == '+' && IsDigit(text[2]) ? 2 : 1);
    int exponent = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), exponent);
    if (result.ec != std::errc()) return std::nullopt;
    decimal.exponent += exponent;
    text.remove_prefix(static_cast<size_t>(result.ptr - text.data()));
  }
  if (!text.empty()) return std::nullopt;
  return decimal;
}

}  // namespace

std::optional<ValueType> ParseValueType(std::string_view text) {
  if (text == "int") return ValueType{TypeKind::kInt, 0};
  if (text == "float") return ValueType{TypeKind::kFloat, 0};
  if (text == "string") return ValueType{TypeKind::kString, 0};
  if (text == "bool") return ValueType{TypeKind::kBool, 0};
  if (text == "timestamp") return ValueType{TypeKind::kTimestamp, 0};
  for (int scale = 0; scale <= kMaxDecimalScale; ++scale) {
    const ValueType decimal{TypeKind::kDecimal, static_cast<uint8_t>(scale)};
    if (text == TypeName(decimal)) return decimal;
  }
  return std::nullopt;
}

std::string DescribeTypes(std::string_view text) {
  if (text.starts_with("decimal")) {
    return fmt::format("'decimal(2)', with 0 to {} digits after the point", kMaxDecimalScale);
  }
  return DescribeChoices(text, {"int", "decimal(2)", "float", "string", "bool", "timestamp"}, "");
}

std::optional<Int128> ParseScaledFloor(std::string_view number, int scale) {
  std::optional<Decimal> decimal = TakeApart(number);
  if (!decimal) return std::nullopt;
  std::string& digits = decimal->digits;
  if (digits.empty()) return 0;
  if (decimal->negative) return std::nullopt;
  const int64_t shift = decimal->exponent + scale;
  constexpr int64_t kMaxDigits = 38;  // 10^38 < 2^127
  if (static_cast<int64_t>(digits.size()) + shift > kMaxDigits) return std::nullopt;
  if (shift >= 0) {
    digits.append(static_cast<size_t>(shift), '0');
  } else {
    digits.resize(
        static_cast<size_t>(std::max<int64_t>(0, static_cast<int64_t>(digits.size()) + shift)));
  }
  Int128 value = 0;
  for (char c : digits) value = value * 10 + (c - '0');
  return value;
}

std::optional<double> ParseFiniteDouble(std::string_view number) {
  const std::optional<Decimal> decimal = TakeApart(number);
  if (!decimal) return std::nullopt;
  if (decimal->digits.empty()) return 0.0;
  const std::string plain =
      fmt::format("{}{}e{}", decimal->negative ? "-" : "", decimal->digits, decimal->exponent);
  double value = 0;
  const auto result = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  if (result.ec != std::errc() || !std::isfinite(value)) return std::nullopt;
  return value;
}

bool IsTimeZone(std::string_view name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return IsDigit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '+' ||
           c == '-' || c == '/';
  });
  if (!plain || name.empty() || name.front() == '/' || name == "localtime") return false;
  absl::TimeZone zone;
  return absl::LoadTimeZone(std::string(name), &zone);
}

}  // namespace onrush
