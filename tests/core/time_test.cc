#include "core/time.h"

#include <string>

#include "doctest/doctest.h"

namespace onrush {
namespace {

TEST_SUITE_BEGIN("core/time");

TEST_CASE("durations are whole numbers with units, largest first") {
  const struct {
    const char* text;
    int64_t ns;
  } kGood[] = {{"0s", 0},
               {"500us", 500'000},
               {"250ms", 250'000'000},
               {"90s", 90 * kNanosPerSecond},
               {"2m", 120 * kNanosPerSecond},
               {"1h30m", 5400 * kNanosPerSecond},
               {"1d", kNanosPerDay},
               {"106751d", 106751 * kNanosPerDay}};
  for (const auto& [text, ns] : kGood) {
    CAPTURE(text);
    const auto parsed = ParseDuration(text);
    REQUIRE(parsed.ok());
    CHECK(parsed->ns == ns);
  }
}

TEST_CASE("what is no duration is refused, with its text") {
  for (const char* text : {"", "5", "m", "-5m", "5 m", "1m1h", "1m1m", "1.5h", "106752d", "1x",
                           "5M", "99999999999999999999s"}) {
    CAPTURE(text);
    const auto parsed = ParseDuration(text);
    REQUIRE_FALSE(parsed.ok());
    CHECK(std::string(parsed.status().message()).find("'" + std::string(text) + "'") !=
          std::string::npos);
  }
}

TEST_CASE("a formatted duration reads back") {
  for (const char* text : {"0s", "1us", "1m30s", "1d1h1m1s1ms1us", "2d"}) {
    CHECK(FormatDuration(*ParseDuration(text)) == text);
  }
  CHECK(FormatDuration(*ParseDuration("90s")) == "1m30s");
  CHECK(FormatDuration(Duration{-5 * kNanosPerSecond}) == "-5s");
  CHECK(FormatDuration(Duration{1'001}) == "1us1ns");
}

TEST_CASE("instants show as few digits of fraction as keep them exact") {
  CHECK(FormatInstant(0) == "1970-01-01T00:00:00Z");
  CHECK(FormatInstant(1) == "1970-01-01T00:00:00.000000001Z");
  CHECK(FormatInstant(1'000) == "1970-01-01T00:00:00.000001Z");
  CHECK(FormatInstant(120'000'000) == "1970-01-01T00:00:00.120Z");
  CHECK(FormatInstant(-1) == "1969-12-31T23:59:59.999999999Z");
  CHECK(FormatInstant(-kNanosPerSecond) == "1969-12-31T23:59:59Z");
  CHECK(FormatInstant(kMaxEventTime.ns) == "2262-04-11T23:47:16.854775807Z");
  CHECK(FormatInstant(kMinEventTime.ns) == "1677-09-21T00:12:43.145224192Z");
  CHECK(FormatInstant(WideTime{kMaxEventTime.ns} + 1) == "2262-04-11T23:47:16.854775808Z");
}

TEST_CASE("RFC 3339 reads back what is written, and takes offsets") {
  for (const int64_t ns : {int64_t{0}, int64_t{1}, int64_t{-1}, int64_t{951'782'400'000'000'000},
                           kMaxEventTime.ns, kMinEventTime.ns, int64_t{-62'135'596}}) {
    const auto parsed = ParseInstant(FormatInstant(ns));
    REQUIRE(parsed.has_value());
    CHECK(parsed->ns == ns);
  }
  CHECK(ParseInstant("2020-06-21T12:14:25+02:00")->ns == ParseInstant("2020-06-21T10:14:25Z")->ns);
  CHECK(ParseInstant("2020-06-21 12:14:25.5z")->ns == ParseInstant("2020-06-21t12:14:25.500Z")->ns);
  CHECK(ParseInstant("2000-02-29T00:00:00Z").has_value());
}

TEST_CASE("what is no instant is refused") {
  for (const char* text :
       {"", "2020-06-21", "2020-06-21T12:14:25", "2020-06-21T24:00:00Z", "2020-06-21T12:14:60Z",
        "2020-06-31T00:00:00Z", "2019-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
        "2020-13-01T00:00:00Z", "2020-00-01T00:00:00Z", "2020-06-21T12:14:25.Z",
        "2020-06-21T12:14:25.1234567890Z", "2020-06-21T12:14:25Z ", "2020-06-21T12:14:25+0200",
        "2263-01-01T00:00:00Z", "1677-09-21T00:12:43.145224191Z", "2262-04-11T23:47:16.854775808Z",
        "20-06-21T12:14:25Z", "2020-06-21_12:14:25Z"}) {
    CAPTURE(text);
    CHECK_FALSE(ParseInstant(text).has_value());
  }
}

TEST_CASE("sums of times stay at the ends of the range") {
  CHECK(SaturatingAdd(kMaxEventTime, Duration{1}) == kMaxEventTime);
  CHECK(SaturatingSubtract(kMinEventTime, Duration{1}) == kMinEventTime);
  CHECK(SaturatingSubtract(EventTime{5}, Duration{7}) == EventTime{-2});
  CHECK(ClampToEventTime(WideTime{kMaxEventTime.ns} + 5) == kMaxEventTime);
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
