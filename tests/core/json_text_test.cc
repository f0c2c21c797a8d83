#include "core/json_text.h"

#include <string>

#include "doctest/doctest.h"

namespace onrush {
namespace {

using namespace std::string_literals;

std::string Json(std::string_view bytes) {
  std::string text;
  AppendJsonString(bytes, text);
  return text;
}

std::string Float(double value) {
  std::string text;
  AppendJsonFloat(value, text);
  return text;
}

std::string Base64(std::string_view bytes) {
  std::string text;
  AppendBase64(bytes, text);
  return text;
}

TEST_SUITE_BEGIN("core/json_text");

TEST_CASE("only what must be is escaped") {
  CHECK(Json("") == "\"\"");
  CHECK(Json("/a?b=c&d=<e>") == "\"/a?b=c&d=<e>\"");
  CHECK(Json("a\"b\\c") == "\"a\\\"b\\\\c\"");
  CHECK(Json("\b\f\n\r\t\x01\x1f\x7f"s) == "\"\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\"");
  CHECK(Json("nul\0!"s) == "\"nul\\u0000!\"");
  CHECK(Json("grüße €𝄞") == "\"grüße €𝄞\"");
}

TEST_CASE("escapes are found at every offset of a word") {
  for (size_t offset = 0; offset < 20; ++offset) {
    std::string text(24, 'x');
    text[offset] = '"';
    const std::string escaped = text.substr(0, offset) + "\\\"" + text.substr(offset + 1);
    CHECK(Json(text) == "\"" + escaped + "\"");
  }
}

TEST_CASE("each maximal ill-formed subpart becomes one replacement character") {
  const std::string kReplacement = "\xEF\xBF\xBD";
  const auto replaced = [&](int count) {
    std::string text = "\"a";
    for (int i = 0; i < count; ++i) text += kReplacement;
    return text + "b\"";
  };
  CHECK(Json("a\xFF"s + "b") == replaced(1));
  CHECK(Json("a\xC0\xAF"s + "b") == replaced(2));      // overlong
  CHECK(Json("a\xE2\x82"s + "b") == replaced(1));      // cut short
  CHECK(Json("a\xED\xA0\x80"s + "b") == replaced(3));  // a surrogate
  CHECK(Json("a\xF0\x9F\x98"s + "b") == replaced(1));
  CHECK(Json("a\xF4\x90\x80\x80"s + "b") == replaced(4));  // beyond U+10FFFF
  CHECK(Json("a\x80\x80"s + "b") == replaced(2));
}

TEST_CASE("well-formed UTF-8 is told from the rest") {
  CHECK(IsUtf8(""));
  CHECK(IsUtf8("plain ASCII that is longer than two words of eight bytes"));
  CHECK(IsUtf8("sixteen bytes..and then €"));
  CHECK_FALSE(IsUtf8("sixteen bytes..and then \xE2\x82"));
  CHECK_FALSE(IsUtf8("\xC1\x81"));
  CHECK_FALSE(IsUtf8("\xED\xBF\xBF"));
  CHECK(IsUtf8("\xF4\x8F\xBF\xBF"));
}

TEST_CASE("floats are the shortest text that reads back, with a point or an exponent") {
  CHECK(Float(0.0) == "0.0");
  CHECK(Float(-0.0) == "0.0");
  CHECK(Float(3) == "3.0");
  CHECK(Float(-2.5) == "-2.5");
  CHECK(Float(0.1) == "0.1");
  CHECK(Float(1e300) == "1e+300");
  CHECK(Float(5e-324) == "5e-324");
  CHECK(Float(1.0 / 3) == "0.3333333333333333");
}

TEST_CASE("base64 pads") {
  CHECK(Base64("") == "");
  CHECK(Base64("f") == "Zg==");
  CHECK(Base64("fo") == "Zm8=");
  CHECK(Base64("foo") == "Zm9v");
  CHECK(Base64("\xFF\xFE\xFD\xFC") == "//79/A==");
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
