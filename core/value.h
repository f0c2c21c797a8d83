// The types of values that events carry.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace onrush {

enum class TypeKind : uint8_t {
  kInt,        // signed 64 bits
  kDecimal,    // a signed 64-bit mantissa · 10^-scale
  kFloat,      // a finite double
  kString,     // bytes, compared byte by byte
  kBool,       // 0 or 1
  kTimestamp,  // EventTime
};

struct ValueType {
  TypeKind kind = TypeKind::kString;
  uint8_t scale = 0;  // kDecimal only: digits after the point, 0 to kMaxDecimalScale
  friend bool operator==(const ValueType&, const ValueType&) = default;
};

inline constexpr int kMaxDecimalScale = 18;  // 10^18 is the largest power of ten in 64 bits

constexpr bool IsNumber(ValueType type) {
  return type.kind == TypeKind::kInt || type.kind == TypeKind::kDecimal ||
         type.kind == TypeKind::kFloat;
}
// int or decimal: values and sums are exact integers of 10^-scale.
constexpr bool IsExactNumber(ValueType type) {
  return type.kind == TypeKind::kInt || type.kind == TypeKind::kDecimal;
}

// "int", "decimal(2)", "timestamp", …
std::string TypeName(ValueType type);

// Powers of ten, 10^0 to 10^18.
inline constexpr int64_t kPowersOfTen[] = {1,
                                           10,
                                           100,
                                           1'000,
                                           10'000,
                                           100'000,
                                           1'000'000,
                                           10'000'000,
                                           100'000'000,
                                           1'000'000'000,
                                           10'000'000'000,
                                           100'000'000'000,
                                           1'000'000'000'000,
                                           10'000'000'000'000,
                                           100'000'000'000'000,
                                           1'000'000'000'000'000,
                                           10'000'000'000'000'000,
                                           100'000'000'000'000'000,
                                           1'000'000'000'000'000'000};

}  // namespace onrush
