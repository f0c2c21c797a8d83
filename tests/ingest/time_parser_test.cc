#include "ingest/time_parser.h"

#include <cstdint>
#include <string>
#include <vector>

#include "core/time.h"
#include "doctest/doctest.h"

namespace onrush {
namespace {

using Kind = TimeFormat::Kind;

TimeParser MakeParser(Kind kind, std::string pattern = "", std::string time_zone = "UTC") {
  absl::StatusOr<TimeParser> parser = TimeParser::Create({kind, pattern, time_zone});
  REQUIRE_MESSAGE(parser.ok(), parser.status().message());
  return *std::move(parser);
}

std::string PatternProblem(const std::string& pattern, const std::string& time_zone = "UTC") {
  const absl::StatusOr<TimeParser> parser =
      TimeParser::Create({Kind::kPattern, pattern, time_zone});
  REQUIRE(!parser.ok());
  CHECK(parser.status().code() == absl::StatusCode::kInvalidArgument);
  return std::string(parser.status().message());
}

// The instant as RFC 3339, or "bad". The text sits alone on the heap, so that a sanitizer sees
// every byte read beyond it.
std::string Read(TimeParser& parser, const std::string& text) {
  const std::vector<char> alone(text.begin(), text.end());
  int64_t ns = 0;
  if (!parser.Read({alone.data(), alone.size()}, ns)) return "bad";
  return FormatInstant(ns);
}

struct Case {
  std::string text;
  std::string instant;
};

void CheckAll(Kind kind, const std::vector<Case>& cases) {
  TimeParser parser = MakeParser(kind);
  for (const Case& c : cases) {
    CAPTURE(c.text);
    CHECK(Read(parser, c.text) == c.instant);
  }
}
void CheckAll(const std::string& pattern, const std::vector<Case>& cases,
              const std::string& time_zone = "UTC") {
  TimeParser parser = MakeParser(Kind::kPattern, pattern, time_zone);
  for (const Case& c : cases) {
    CAPTURE(pattern);
    CAPTURE(c.text);
    CHECK(Read(parser, c.text) == c.instant);
    CHECK(Read(parser, c.text) == c.instant);  // now from the cache
  }
}

TEST_SUITE_BEGIN("ingest/time_parser");

TEST_CASE("unix_s takes digits, a minus and a fraction of nine digits") {
  CheckAll(Kind::kUnixSeconds, {{"0", "1970-01-01T00:00:00Z"},
                                {"-0", "1970-01-01T00:00:00Z"},
                                {"7", "1970-01-01T00:00:07Z"},
                                {"-1", "1969-12-31T23:59:59Z"},
                                {"1442018818", "2015-09-12T00:46:58Z"},
                                {"00001442018818", "2015-09-12T00:46:58Z"},
                                {"1442018818.771", "2015-09-12T00:46:58.771Z"},
                                {"1442018818.000000001", "2015-09-12T00:46:58.000000001Z"},
                                {"1442018818.000000001000", "2015-09-12T00:46:58.000000001Z"},
                                {"1442018818.0000000011", "bad"},
                                {"-0.5", "1969-12-31T23:59:59.500Z"},
                                {"-1.5", "1969-12-31T23:59:58.500Z"},
                                {"9223372036.854775807", "2262-04-11T23:47:16.854775807Z"},
                                {"9223372036.854775808", "bad"},
                                {"-9223372036.854775808", "1677-09-21T00:12:43.145224192Z"},
                                {"-9223372036.854775809", "bad"},
                                {"99999999999999999999999999999999999999999999999999", "bad"},
                                {"", "bad"},
                                {"-", "bad"},
                                {".5", "bad"},
                                {"5.", "bad"},
                                {"+5", "bad"},
                                {"1.5.0", "bad"},
                                {"1e9", "bad"},
                                {"1442018818x", "bad"},
                                {" 1442018818", "bad"}});
}

TEST_CASE("unix_ms, unix_us and unix_ns take whole numbers") {
  CheckAll(Kind::kUnixMillis, {{"1442018818771", "2015-09-12T00:46:58.771Z"},
                               {"-1", "1969-12-31T23:59:59.999Z"},
                               {"9223372036854", "2262-04-11T23:47:16.854Z"},
                               {"9223372036855", "bad"},
                               {"-9223372036854", "1677-09-21T00:12:43.146Z"},
                               {"-9223372036855", "bad"},
                               {"1442018818771.0", "bad"},
                               {"x", "bad"}});
  CheckAll(Kind::kUnixMicros, {{"1442018818771001", "2015-09-12T00:46:58.771001Z"},
                               {"-9223372036854775", "1677-09-21T00:12:43.145225Z"},
                               {"9223372036854776", "bad"}});
  CheckAll(Kind::kUnixNanos, {{"1442018818771000001", "2015-09-12T00:46:58.771000001Z"},
                              {"9223372036854775807", "2262-04-11T23:47:16.854775807Z"},
                              {"-9223372036854775808", "1677-09-21T00:12:43.145224192Z"},
                              {"9223372036854775808", "bad"},
                              {"000000000000000000000000001", "1970-01-01T00:00:00.000000001Z"}});
}

TEST_CASE("rfc3339 is read the same whether or not the minute was seen before") {
  CheckAll(Kind::kRfc3339, {{"2015-09-12T00:46:58.771Z", "2015-09-12T00:46:58.771Z"},
                            {"2015-09-12T00:46:59Z", "2015-09-12T00:46:59Z"},
                            {"2015-09-12T00:46:00.000000001Z", "2015-09-12T00:46:00.000000001Z"},
                            {"2015-09-12T00:46:00.0000000001Z", "bad"},
                            {"2015-09-12T00:46:60Z", "bad"},
                            {"2015-09-12T00:46:5Z", "bad"},
                            {"2015-09-12T00:46:58.Z", "bad"},
                            {"2015-09-12T00:46:58", "bad"},
                            {"2015-09-12T00:46:58z", "2015-09-12T00:46:58Z"},
                            {"2015-09-12T00:46:58.1z", "2015-09-12T00:46:58.100Z"},
                            {"2015-09-12T00:46:58+01:00", "2015-09-11T23:46:58Z"},
                            {"2015-09-12T00:46:57.25+01:00", "2015-09-11T23:46:57.250Z"},
                            {"2015-09-12T00:46:57-01:00", "2015-09-12T01:46:57Z"},
                            {"2015-09-12T00:46:57x01:00", "bad"},
                            {"2015-09-12 00:46:57Z", "2015-09-12T00:46:57Z"},
                            {"2015-09-12t00:46:57Z", "2015-09-12T00:46:57Z"},
                            {"2262-04-11T23:47:16.854775807Z", "2262-04-11T23:47:16.854775807Z"},
                            {"2262-04-11T23:47:16.854775808Z", "bad"},
                            {"2262-04-11T23:47:17Z", "bad"},
                            {"1677-09-21T00:12:43.145224192Z", "1677-09-21T00:12:43.145224192Z"},
                            {"1677-09-21T00:12:43.145224191Z", "bad"},
                            {"1677-09-21T00:12:42Z", "bad"},
                            {"", "bad"}});
}

TEST_CASE("clf is Apache's time") {
  CheckAll(Kind::kClf, {{"10/Oct/2000:13:55:36 -0700", "2000-10-10T20:55:36Z"},
                        {"10/Oct/2000:13:55:37 -0700", "2000-10-10T20:55:37Z"},
                        {"10/Oct/2000:13:55:37 +0700", "2000-10-10T06:55:37Z"},
                        {"10/oct/2000:13:55:37 +0000", "2000-10-10T13:55:37Z"},
                        {"10/Okt/2000:13:55:37 +0000", "bad"},
                        {"10/Oct/2000:13:55:60 -0700", "bad"},
                        {"10/Oct/2000:13:55:36", "bad"},
                        {"10/Oct/2000:03:55:36 -0700", "2000-10-10T10:55:36Z"},
                        {"10/Oct/2000:3:55:36 -0700", "bad"},
                        {"01/Oct/2000:03:55:36 -0700", "2000-10-01T10:55:36Z"},
                        {"1/Oct/2000:03:55:36 -0700", "bad"},
                        {"1/Oct/2000:3:55:36.5 -0700", "bad"},
                        {"01/Oct/2000:03:55:36.5 -0700", "bad"},
                        {"01/Oct/2000:03:55:37 -0700", "2000-10-01T10:55:37Z"},
                        {"31/Feb/2000:13:55:36 -0700", "bad"},
                        {"[10/Oct/2000:13:55:36 -0700]", "bad"}});
}

TEST_CASE("a pattern is read strictly") {
  CheckAll("%Y-%m-%d %H:%M:%S",
           {{"2018-04-01 00:00:31", "2018-04-01T00:00:31Z"},
            {"2018-04-01 00:00:32.5", "2018-04-01T00:00:32.500Z"},
            {"2018-04-01 00:00:32.123456789", "2018-04-01T00:00:32.123456789Z"},
            {"2018-04-01 00:00:32.1234567890", "bad"},
            {"2018-04-01 00:00:32.", "bad"},
            {"2018-4-1 0:00:31", "2018-04-01T00:00:31Z"},
            {"2018-4-1 0:0:31", "bad"},
            {"2018-04-01 00:00:3", "bad"},
            {"2018-04-01 00:00:60", "bad"},
            {"2018-04-01 24:00:00", "bad"},
            {"2018-04-01 23:60:00", "bad"},
            {"2018-02-29 00:00:00", "bad"},
            {"2016-02-29 00:00:00", "2016-02-29T00:00:00Z"},
            {"1900-02-29 00:00:00", "bad"},
            {"2018-00-01 00:00:00", "bad"},
            {"2018-13-01 00:00:00", "bad"},
            {"2018-01-00 00:00:00", "bad"},
            {"2018-01-32 00:00:00", "bad"},
            {"18-01-01 00:00:00", "bad"},
            {" 2018-04-01 00:00:31", "bad"},
            {"2018-04-01  00:00:31", "bad"},
            {"2018-04-01 00:00:31 ", "bad"},
            {"2262-04-11 23:47:16.854775807", "2262-04-11T23:47:16.854775807Z"},
            {"2262-04-11 23:47:16.854775808", "bad"},
            {"1677-09-21 00:12:43.145224192", "1677-09-21T00:12:43.145224192Z"},
            {"1677-09-21 00:12:43.145224191", "bad"},
            {"", "bad"}});
}

TEST_CASE("every directive reads what its name says") {
  CheckAll("%F %T", {{"2018-04-01 00:00:31", "2018-04-01T00:00:31Z"}});
  CheckAll("%d.%m.%y", {{"1.2.69", "1969-02-01T00:00:00Z"},
                        {"1.2.68", "2068-02-01T00:00:00Z"},
                        {"01.02.00", "2000-02-01T00:00:00Z"},
                        {"1.2.2000", "bad"}});
  CheckAll("%e %b %Y", {{" 1 Feb 2000", "2000-02-01T00:00:00Z"},
                        {"1 FEB 2000", "2000-02-01T00:00:00Z"},
                        {"21 dec 2000", "2000-12-21T00:00:00Z"},
                        {"  1 Feb 2000", "bad"},
                        {"1 February 2000", "bad"},
                        {"1 Fe", "bad"}});
  CheckAll("%Y.%j", {{"2000.1", "2000-01-01T00:00:00Z"},
                     {"2000.366", "2000-12-31T00:00:00Z"},
                     {"2001.365", "2001-12-31T00:00:00Z"},
                     {"2001.366", "bad"},
                     {"2001.0", "bad"},
                     {"2001.1000", "bad"}});
  CheckAll("%Y%m%d%H%M%S", {{"20180401000031", "2018-04-01T00:00:31Z"},
                            {"20180401000032", "2018-04-01T00:00:32Z"}});
  CheckAll("%Y-%m-%dT%H:%M:%S%z", {{"2018-04-01T00:00:31Z", "2018-04-01T00:00:31Z"},
                                   {"2018-04-01T00:00:31z", "2018-04-01T00:00:31Z"},
                                   {"2018-04-01T00:00:31+02", "2018-03-31T22:00:31Z"},
                                   {"2018-04-01T00:00:31+0230", "2018-03-31T21:30:31Z"},
                                   {"2018-04-01T00:00:31.5-02:30", "2018-04-01T02:30:31.500Z"},
                                   {"2018-04-01T00:00:31+2", "bad"},
                                   {"2018-04-01T00:00:31+02:", "bad"},
                                   {"2018-04-01T00:00:31+02:3", "bad"},
                                   {"2018-04-01T00:00:31+24:00", "bad"},
                                   {"2018-04-01T00:00:31+00:60", "bad"},
                                   {"2018-04-01T00:00:31", "bad"}});
  CheckAll("%Y%%%m%%%d", {{"2018%04%01", "2018-04-01T00:00:00Z"}, {"2018-04-01", "bad"}});
}

TEST_CASE("a pattern whose seconds come first or whose fraction could be mistaken is still right") {
  CheckAll("%S:%M:%H %d %b %Y", {{"31:00:00 01 Apr 2018", "2018-04-01T00:00:31Z"},
                                 {"32.5:00:00 01 Apr 2018", "2018-04-01T00:00:32.500Z"}});
  CheckAll("%m/%d %H:%M:%S%Y", {{"04/01 00:00:312018", "2018-04-01T00:00:31Z"},
                                {"04/01 00:00:31.52018", "bad"},
                                {"04/01 00:00:32.52018", "bad"}});
  CheckAll("%Y-%m-%d %H:%M:%S.log", {{"2018-04-01 00:00:31.log", "2018-04-01T00:00:31Z"},
                                     {"2018-04-01 00:00:32.5.log", "2018-04-01T00:00:32.500Z"},
                                     {"2018-04-01 00:00:32.5log", "bad"}});
}

TEST_CASE("a local time that a clock change repeats is the first of the two") {
  CheckAll("%Y-%m-%d %H:%M:%S",
           {{"2010-10-31 00:59:59", "2010-10-30T23:59:59Z"},
            {"2010-10-31 01:00:00", "2010-10-31T00:00:00Z"},
            {"2010-10-31 01:59:59", "2010-10-31T00:59:59Z"},
            {"2010-10-31 02:00:00", "2010-10-31T02:00:00Z"}},
           "Europe/London");
}

TEST_CASE("a local time that a clock change skips is read with the offset before the change") {
  CheckAll("%Y-%m-%d %H:%M:%S",
           {{"2011-03-27 00:59:59", "2011-03-27T00:59:59Z"},
            {"2011-03-27 01:00:00", "2011-03-27T01:00:00Z"},
            {"2011-03-27 01:59:59", "2011-03-27T01:59:59Z"},
            {"2011-03-27 02:00:00", "2011-03-27T01:00:00Z"}},
           "Europe/London");
}

TEST_CASE("the time zone's rules hold before its first and after its last recorded change") {
  CheckAll("%F %T",
           {{"2200-07-01 12:00:00", "2200-07-01T11:00:00Z"},
            {"2200-01-01 12:00:00", "2200-01-01T12:00:00Z"},
            {"1700-01-01 12:00:00", "1700-01-01T12:01:15Z"}},
           "Europe/London");
}

TEST_CASE("a change of the clock within a minute is not covered by the cache") {
  // London's clocks went ahead by 75 seconds, from its own mean time to Greenwich's.
  CheckAll("%Y-%m-%d %H:%M:%S",
           {{"1847-12-01 00:00:10", "1847-12-01T00:01:25Z"},
            {"1847-12-01 00:01:14", "1847-12-01T00:02:29Z"},
            {"1847-12-01 00:01:15", "1847-12-01T00:01:15Z"},
            {"1847-12-01 00:01:16", "1847-12-01T00:01:16Z"}},
           "Europe/London");
}

TEST_CASE("an unknown directive, a repetition or a missing part is refused with what is right") {
  CHECK(
      PatternProblem("%Y-%m-%d %Q") ==
      "time_format '%Y-%m-%d %Q': '%Q' is not known; right would be %Y %y %m %b %d %e %j %H %M %S "
      "%z %F %T %%");
  CHECK(PatternProblem("%F %T.%f").find("(%S reads a fraction by itself)") != std::string::npos);
  CHECK(PatternProblem("%F %Y") == "time_format '%F %Y': gives %Y twice");
  CHECK(PatternProblem("%F %") == "time_format '%F %': ends in a lone '%'; '%%' is a percent sign");
  CHECK(PatternProblem("%m-%d").find("needs the year once") != std::string::npos);
  CHECK(PatternProblem("%Y %y %j").find("needs the year once") != std::string::npos);
  CHECK(PatternProblem("%Y-%d").find("needs the month once") != std::string::npos);
  CHECK(PatternProblem("%Y-%m").find("needs the day once") != std::string::npos);
  CHECK(PatternProblem("%Y-%m-%d %j").find("needs the month once") != std::string::npos);
  CHECK(PatternProblem("").find("needs the year once") != std::string::npos);
  CHECK(
      PatternProblem("%F", "Europe/Lodnon") ==
      "time_zone: the system does not know 'Europe/Lodnon'; right would be a name of the IANA time "
      "zone data base such as 'Europe/London'");
}

TEST_CASE("a reason says which form was expected") {
  CHECK(MakeParser(Kind::kUnixMillis).Describe("x") == "not a number: 'x'");
  CHECK(MakeParser(Kind::kUnixMillis).Describe("9223372036855") ==
        "out of range for timestamp: '9223372036855'");
  CHECK(MakeParser(Kind::kUnixSeconds).Describe("1.0000000001") ==
        "more than 9 digits after the point: '1.0000000001'");
  CHECK(MakeParser(Kind::kRfc3339).Describe("x") == "not an RFC 3339 time: 'x'");
  CHECK(MakeParser(Kind::kClf).Describe("x") == "not a Common Log Format time: 'x'");
  CHECK(MakeParser(Kind::kPattern, "%F").Describe("x") == "not a time of the form '%F': 'x'");
  CHECK(MakeParser(Kind::kPattern, "%F").Describe("2263-01-01") ==
        "out of range for timestamp: '2263-01-01'");
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
