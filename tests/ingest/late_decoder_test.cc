#include "ingest/late_decoder.h"

#include <optional>
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "tests/support/decode_all.h"

namespace onrush {
namespace {

using Lines = std::vector<std::string>;

Lines Decode(const std::string& text, std::optional<Format> raw_format = std::nullopt) {
  StreamPlan stream = MakeStream({{"ts", {TypeKind::kTimestamp}}, {"page", {TypeKind::kString}}});
  stream.raw_format = raw_format;
  const Lines rows = MustDecodeAll(stream, Format::kLate, {{"late.jsonl", text}});
  for (const size_t block_bytes : {1, 7, 100}) {
    CHECK(MustDecodeAll(stream, Format::kLate, {{"late.jsonl", text}}, {block_bytes, 2}) == rows);
  }
  return rows;
}

TEST_SUITE_BEGIN("ingest/late_decoder");

TEST_CASE("the record of each line is decoded, CSV or JSON Lines as it begins") {
  CHECK(Decode(R"({"stream":"clicks","seq":5,"queries":[],"raw":"1,/a"}
{"stream":"clicks","file":"a.csv","line":17,"raw":"2,\"b\"\"\nc\""}

{"raw":" {\"page\":\"/p\",\"ts\":3}"})") ==
        Lines{R"(1 {"ts":"1970-01-01T00:00:01Z","page":"/a"})",
              R"(2 {"ts":"1970-01-01T00:00:02Z","page":"b\"\nc"})",
              R"(4 {"ts":"1970-01-01T00:00:03Z","page":"/p"})"});
}

TEST_CASE("the format of the records can be told") {
  CHECK(Decode(R"({"raw":"{1"})", Format::kCsv) == Lines{"1 bad [1 column instead of 2] raw [{1]"});
}

TEST_CASE("bytes that are not UTF-8 are in raw_base64") {
  CHECK(Decode(R"({"raw_base64":"MSz/"})") ==
        Lines{"1 {\"ts\":\"1970-01-01T00:00:01Z\",\"page\":\"\xEF\xBF\xBD\"}"});
}

TEST_CASE("what was bad is bad again, for the same reason") {
  CHECK(Decode("{\"raw\":\"x,/a\"}\n{\"raw\":\"1,\\\"a\"}\n{\"raw\":\"2,/b\"}\n") ==
        Lines{"1 bad [ts: not a number: 'x'] raw [x,/a]",
              "2 bad [a quote is never closed] raw [1,\"a]",
              R"(3 {"ts":"1970-01-01T00:00:02Z","page":"/b"})"});
}

TEST_CASE("a line without one record is bad") {
  CHECK(Decode("raw\n[1]\n{\"raw\":1}\n{\"raw_base64\":\"?\"}\n{\"raw\":\"\"}\n"
               "{\"raw\":\"1,a\\n2,b\"}\n{\"raw\":\"1,a\"} x\n") ==
        Lines{"1 bad [no JSON object] raw [raw]", "2 bad [no JSON object] raw [[1]]",
              "3 bad [no text 'raw' or 'raw_base64'] raw [{\"raw\":1}]",
              "4 bad [raw_base64 is no base64] raw [{\"raw_base64\":\"?\"}]",
              "5 bad [raw: no record] raw [{\"raw\":\"\"}]",
              "6 bad [raw: more than one record] raw [{\"raw\":\"1,a\\n2,b\"}]",
              "7 bad [no JSON object] raw [{\"raw\":\"1,a\"} x]"});
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
