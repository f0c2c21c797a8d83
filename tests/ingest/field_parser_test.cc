#include "ingest/field_parser.h"

#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "doctest/doctest.h"

namespace onrush {
namespace {

constexpr int64_t kMin = INT64_MIN, kMax = INT64_MAX;

// A text followed by the readable bytes that the fast parsers want, filled with digits, which would
// show if they were taken for part of it.
class Padded {
 public:
  explicit Padded(const std::string& text)
      : size_(text.size()), bytes_(text + std::string(kReadableAfterField, '7')) {}
  std::string_view view() const { return std::string_view(bytes_).substr(0, size_); }

 private:
  size_t size_;
  std::string bytes_;
};

struct IntCase {
  std::string text;
  FieldError error;
  int64_t value = 0;
};

const std::vector<IntCase> kIntCases = {
    {"0", FieldError::kNone, 0},
    {"7", FieldError::kNone, 7},
    {"+7", FieldError::kNone, 7},
    {"-7", FieldError::kNone, -7},
    {"-0", FieldError::kNone, 0},
    {"007", FieldError::kNone, 7},
    {"12345678", FieldError::kNone, 12345678},
    {"-12345678", FieldError::kNone, -12345678},
    {"123456789", FieldError::kNone, 123456789},
    {"1234567890123456", FieldError::kNone, 1234567890123456},
    {"12345678901234567", FieldError::kNone, 12345678901234567},
    {"9223372036854775807", FieldError::kNone, kMax},
    {"-9223372036854775808", FieldError::kNone, kMin},
    {"00000000000000000000000000000000042", FieldError::kNone, 42},
    {"9223372036854775808", FieldError::kOutOfRange},
    {"-9223372036854775809", FieldError::kOutOfRange},
    {"99999999999999999999999999", FieldError::kOutOfRange},
    {"+", FieldError::kNotANumber},
    {"-", FieldError::kNotANumber},
    {"+-1", FieldError::kNotANumber},
    {"--1", FieldError::kNotANumber},
    {"x", FieldError::kNotANumber},
    {"12x", FieldError::kNotANumber},
    {" 1", FieldError::kNotANumber},
    {"1 ", FieldError::kNotANumber},
    {"1_000", FieldError::kNotANumber},
    {"0x10", FieldError::kNotANumber},
    {"12345678901234x6", FieldError::kNotANumber},
    {"x234567890123456", FieldError::kNotANumber},
    {"\xD9\xA1", FieldError::kNotANumber},          // ARABIC-INDIC DIGIT ONE
    {"\xB0\xB1\xB2\xB3", FieldError::kNotANumber},  // digits with the high bit set
    {":", FieldError::kNotANumber},
    {"/", FieldError::kNotANumber},
    {"1.0", FieldError::kNotWhole},
    {"1e3", FieldError::kNotWhole},
    {"nan", FieldError::kNotANumber},
};

struct DecimalCase {
  std::string text;
  int scale;
  FieldError error;
  int64_t mantissa = 0;
};

const std::vector<DecimalCase> kDecimalCases = {
    {"1", 0, FieldError::kNone, 1},
    {"1", 2, FieldError::kNone, 100},
    {"57.16", 2, FieldError::kNone, 5716},
    {"-57.16", 2, FieldError::kNone, -5716},
    {"+57.16", 3, FieldError::kNone, 57160},
    {"1.50", 1, FieldError::kNone, 15},
    {"1.500000000000000000000000000000", 1, FieldError::kNone, 15},
    {"1.55", 1, FieldError::kTooPrecise},
    {".5", 1, FieldError::kNone, 5},
    {"-.5", 1, FieldError::kNone, -5},
    {"5.", 1, FieldError::kNone, 50},
    {"5.", 0, FieldError::kNone, 5},
    {"5.0", 0, FieldError::kNone, 5},
    {"0.0000001", 7, FieldError::kNone, 1},
    {"123456.7", 1, FieldError::kNone, 1234567},
    {"1234567.8", 1, FieldError::kNone, 12345678},
    {"99999999", 10, FieldError::kNone, 999999990000000000},
    {"99999999", 11, FieldError::kOutOfRange},
    {"9000000", 12, FieldError::kNone, 9000000000000000000},
    {"9.223372036854775807", 18, FieldError::kNone, kMax},
    {"-9.223372036854775808", 18, FieldError::kNone, kMin},
    {"9.223372036854775808", 18, FieldError::kOutOfRange},
    {"10", 18, FieldError::kOutOfRange},
    {"-0.00", 2, FieldError::kNone, 0},
    {"0000000000000000000000000000001.5", 1, FieldError::kNone, 15},
    {".", 2, FieldError::kNotANumber},
    {"+.", 2, FieldError::kNotANumber},
    {"-", 2, FieldError::kNotANumber},
    {"1.2.3", 2, FieldError::kNotANumber},
    {"1..2", 2, FieldError::kNotANumber},
    {"1,5", 2, FieldError::kNotANumber},
    {"1e2", 2, FieldError::kNotANumber},
    {"1.5x", 2, FieldError::kNotANumber},
    {"1.55x", 1, FieldError::kNotANumber},
};

TEST_SUITE_BEGIN("ingest/field_parser");

TEST_CASE("an int is an optional sign and ASCII digits that fit 64 bits") {
  for (const IntCase& c : kIntCases) {
    CAPTURE(c.text);
    int64_t value = 0;
    CHECK(ReadInt(c.text, value) == c.error);
    if (c.error == FieldError::kNone) CHECK(value == c.value);
    const Padded padded(c.text);
    value = 0;
    CHECK(ReadIntFast(padded.view(), value) == c.error);
    if (c.error == FieldError::kNone) CHECK(value == c.value);
  }
}

TEST_CASE("a decimal is a multiple of its unit, whatever zeros it is written with") {
  for (const DecimalCase& c : kDecimalCases) {
    CAPTURE(c.text);
    CAPTURE(c.scale);
    int64_t mantissa = 0;
    CHECK(ReadDecimal(c.text, c.scale, mantissa) == c.error);
    if (c.error == FieldError::kNone) CHECK(mantissa == c.mantissa);
    const Padded padded(c.text);
    mantissa = 0;
    CHECK(ReadDecimalFast(padded.view(), c.scale, mantissa) == c.error);
    if (c.error == FieldError::kNone) CHECK(mantissa == c.mantissa);
  }
}

TEST_CASE("the fast parsers agree with the plain ones on made-up texts") {
  std::mt19937_64 random(20240117);
  const std::string alphabet = "0123456789012345678901234567890123456789..+-ex/:";
  for (int i = 0; i < 200'000; ++i) {
    std::string text;
    const size_t size = 1 + random() % 20;
    for (size_t j = 0; j < size; ++j) text += alphabet[random() % (j == 0 ? 48 : 44)];
    CAPTURE(text);
    const Padded padded(text);
    int64_t plain = 0, fast = 0;
    REQUIRE(ReadIntFast(padded.view(), fast) == ReadInt(text, plain));
    REQUIRE(fast == plain);
    const int scale = static_cast<int>(random() % 19);
    plain = fast = 0;
    const FieldError error = ReadDecimal(text, scale, plain);
    REQUIRE(ReadDecimalFast(padded.view(), scale, fast) == error);
    if (error == FieldError::kNone) REQUIRE(fast == plain);
    double plain_float = 0, fast_float = 0;
    REQUIRE(ReadFloatFast(padded.view(), fast_float) == ReadFloat(text, plain_float));
    REQUIRE(fast_float == plain_float);
    REQUIRE(std::signbit(fast_float) == std::signbit(plain_float));
  }
}

TEST_CASE("a float is rounded correctly") {
  const std::vector<std::pair<std::string, double>> cases = {
      {"0.1", 0.1},
      {"-2.5", -2.5},
      {"+1e3", 1000.0},
      {"1E-2", 0.01},
      {".5", 0.5},
      {"5.", 5.0},
      {"1e-400", 0.0},
      {"-1e-400", 0.0},
      {"2.2250738585072014e-308", 2.2250738585072014e-308},
      {"9007199254740993", 9007199254740992.0},
      {"1.7976931348623157e308", 1.7976931348623157e308},
      {"0.30000000000000004", 0.30000000000000004},
      {"-0", 0.0},
      {"123.4567", 123.4567}};
  for (const auto& c : cases) {
    const std::string& text = c.first;
    const double expected = c.second;
    CAPTURE(text);
    double value = -1;
    const Padded padded(text);
    CHECK(ReadFloatFast(padded.view(), value) == FieldError::kNone);
    CHECK(value == expected);
    CHECK(std::signbit(value) == std::signbit(expected));
  }
}

TEST_CASE("what is no finite decimal number is no float") {
  for (const std::string text : {"nan", "inf", "-inf", "infinity", "0x1p3", "1_0", "1e", "1e+", ".",
                                 "+", "+-1", "1.5 ", " 1.5", "1,5", ".e1", "e1"}) {
    CAPTURE(text);
    double value = 0;
    const Padded padded(text);
    CHECK(ReadFloatFast(padded.view(), value) == FieldError::kNotANumber);
  }
  double value = 0;
  CHECK(ReadFloat("1e309", value) == FieldError::kOutOfRange);
  CHECK(ReadFloat("1e400000", value) == FieldError::kOutOfRange);
  CHECK(ReadFloat("-1e309", value) == FieldError::kOutOfRange);
}

TEST_CASE("a bool is true or false, in small letters") {
  int64_t value = -1;
  CHECK(ReadBool("true", value) == FieldError::kNone);
  CHECK(value == 1);
  CHECK(ReadBool("false", value) == FieldError::kNone);
  CHECK(value == 0);
  for (const std::string_view text : {"True", "1", "0", "yes", "t", "truefalse", " true"}) {
    CHECK(ReadBool(text, value) == FieldError::kNotABool);
  }
}

TEST_CASE("a reason names what was wrong and quotes the text") {
  CHECK(Describe(FieldError::kNotANumber, "x", {TypeKind::kInt}) == "not a number: 'x'");
  CHECK(Describe(FieldError::kNotWhole, "1.5", {TypeKind::kInt}) == "not a whole number: '1.5'");
  CHECK(Describe(FieldError::kTooPrecise, "1.55", {TypeKind::kDecimal, 1}) ==
        "more than 1 digit after the point: '1.55'");
  CHECK(Describe(FieldError::kTooPrecise, "1.555", {TypeKind::kDecimal, 2}) ==
        "more than 2 digits after the point: '1.555'");
  CHECK(Describe(FieldError::kOutOfRange, "1e999", {TypeKind::kFloat}) ==
        "out of range for float: '1e999'");
  CHECK(Describe(FieldError::kNotABool, "maybe", {TypeKind::kBool}) ==
        "neither true nor false: 'maybe'");
}

TEST_CASE("a long text is cut between characters") {
  CHECK(QuoteShort(std::string(60, 'a')) == "'" + std::string(60, 'a') + "'");
  CHECK(QuoteShort(std::string(61, 'a')) == "'" + std::string(60, 'a') + "…'");
  CHECK(QuoteShort(std::string(59, 'a') + "éé") == "'" + std::string(59, 'a') + "…'");
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
