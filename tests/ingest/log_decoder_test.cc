#include "ingest/log_decoder.h"

#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "ingest/log_line.h"
#include "ingest/open.h"
#include "tests/support/decode_all.h"

namespace onrush {
namespace {

using Lines = std::vector<std::string>;

StreamPlan Visits() {
  StreamPlan stream = MakeStream({{"time", {TypeKind::kTimestamp}},
                                  {"path", {TypeKind::kString}},
                                  {"status", {TypeKind::kInt}}});
  stream.time_format.kind = TimeFormat::Kind::kClf;
  return stream;
}

Lines Decode(const std::string& text, Format format = Format::kCommonLog) {
  const Lines rows = MustDecodeAll(Visits(), format, {{"a.log", text}});
  for (const size_t block_bytes : {1, 7, 100}) {
    CHECK(MustDecodeAll(Visits(), format, {{"a.log", text}}, {block_bytes, 2}) == rows);
  }
  return rows;
}

// The fields of a good line, joined by '|'.
std::string Split(std::string_view line, bool combined = true) {
  LogLine fields;
  if (const char* problem = SplitLogLine(line, combined, fields)) return problem;
  std::string text;
  for (const std::string_view field : fields) text += std::string(field) + '|';
  return text;
}

TEST_SUITE_BEGIN("ingest/log_decoder");

TEST_CASE("a common log line has ten fields") {
  CHECK(
      Split(R"(1.2.3.4 - jo [10/Oct/2000:13:55:36 -0700] "GET /a?b=c HTTP/1.0" 200 2326)") ==
      "1.2.3.4||jo|10/Oct/2000:13:55:36 -0700|GET /a?b=c HTTP/1.0|GET|/a?b=c|HTTP/1.0|200|2326|||");
}

TEST_CASE("a combined one may have a referer and an agent") {
  CHECK(Split(R"x(h - - [t] "GET / HTTP/2" 304 - "http://a/" "Mozilla (X; \"Y\")")x") ==
        R"x(h|||t|GET / HTTP/2|GET|/|HTTP/2|304||http://a/|Mozilla (X; \"Y\")|)x");
  CHECK(Split(R"(h - - [t] "GET / HTTP/2" 304 - "-" "-")") ==
        "h|||t|GET / HTTP/2|GET|/|HTTP/2|304||||");
  CHECK(Split(R"(h - - [t] "GET / HTTP/2" 304 -)") == "h|||t|GET / HTTP/2|GET|/|HTTP/2|304||||");
  CHECK(Split(R"(h - - [t] "GET / HTTP/2" 304 - "-" "-")", false) ==
        "more than a common log line has");
}

TEST_CASE("a request is taken apart at its first space and its trailing protocol") {
  const auto request = [](const std::string& text) {
    const std::string fields = Split("h - - [t] \"" + text + "\" 1 2");
    return fields.substr(fields.find("|t|") + 3 + text.size());
  };
  CHECK(request("GET /a b c HTTP/1.1") == "|GET|/a b c|HTTP/1.1|1|2|||");
  CHECK(request("GET /old") == "|GET|/old||1|2|||");
  CHECK(request("GET HTTP/1.1") == "|GET||HTTP/1.1|1|2|||");
  CHECK(request("GET /x HTTP/") == "|GET|/x HTTP/||1|2|||");
  CHECK(request("GET /x HTTP/1.1 ") == "|GET|/x HTTP/1.1 ||1|2|||");
  CHECK(request("\\x16\\x03") == "||||1|2|||");
  CHECK(request("") == "||||1|2|||");
}

TEST_CASE("a user may have spaces, a quoted field quotes and backslashes") {
  CHECK(Split(R"(h - jo doe [t] "GET /\"q\"\\ HTTP/1.0" 1 2)") ==
        R"(h||jo doe|t|GET /\"q\"\\ HTTP/1.0|GET|/\"q\"\\|HTTP/1.0|1|2|||)");
}

TEST_CASE("what is wrong with a line is said") {
  CHECK(Split("") == "no host");
  CHECK(Split("h") == "no host");
  CHECK(Split("h  jo [t]") == "no ident");
  CHECK(Split("h - [t]") == "no user");
  CHECK(Split("h - - [t") == "no [time]");
  CHECK(Split("h - - [t] GET") == "no \"request\"");
  CHECK(Split("h - - [t] \"GET") == "no \"request\"");
  CHECK(Split("h - - [t] \"GET\\\" 1 2") == "no \"request\"");
  CHECK(Split("h - - [t] \"GET\\") == "no \"request\"");
  CHECK(Split("h - - [t] \"GET\" 1") == "no status");
  CHECK(Split("h - - [t] \"GET\" 1 ") == "no bytes");
  CHECK(Split("h - - [t] \"GET\" 1 2 ") == "no \"referer\"");
  CHECK(Split("h - - [t] \"GET\" 1 2 \"r\"") == "no \"agent\"");
  CHECK(Split("h - - [t] \"GET\" 1 2 \"r\" \"a\" ") == "more than a combined log line has");
}

TEST_CASE("lines become rows; blank ones are ignored, a CR before the LF is dropped") {
  CHECK(Decode("\xEF\xBB\xBFh - - [01/Jan/1970:00:00:01 +0000] \"GET /a HTTP/1.0\" 200 1\r\n"
               " \t\r\n\n"
               "h - - [01/Jan/1970:01:00:02 +0100] \"-\" - 1") ==
        Lines{R"(1 {"time":"1970-01-01T00:00:01Z","path":"/a","status":200})",
              R"(4 {"time":"1970-01-01T00:00:02Z","path":null,"status":null})"});
}

TEST_CASE("bad lines keep their text and say why") {
  CHECK(Decode("junk\nh - - [now] \"-\" 1 1\nh - - [01/Jan/1970:00:00:01 +0000] \"-\" x 1\n") ==
        Lines{"1 bad [no host] raw [junk]",
              "2 bad [time: not a Common Log Format time: 'now'] raw [h - - [now] \"-\" 1 1]",
              "3 bad [status: not a number: 'x'] raw [h - - [01/Jan/1970:00:00:01 +0000] \"-\" x "
              "1]"});
}

TEST_CASE("a field that such a log does not have is an error at the start") {
  StreamPlan stream = Visits();
  stream.fields.push_back({"agent", {TypeKind::kString}});
  CHECK(MakeDecoder(stream, Format::kCombinedLog).ok());
  const absl::Status status = MakeDecoder(stream, Format::kCommonLog).status();
  CHECK(status.code() == absl::StatusCode::kInvalidArgument);
  CHECK(std::string(status.message()).find("'agent', which a common log does not have") !=
        std::string::npos);
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
