#include "ingest/json_lines_decoder.h"

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/json_text.h"
#include "doctest/doctest.h"
#include "fmt/format.h"
#include "tests/support/decode_all.h"

namespace onrush {
namespace {

using Lines = std::vector<std::string>;

StreamPlan Edits() {
  return MakeStream({{"ts", {TypeKind::kTimestamp}},
                     {"page", {}},
                     {"n", {TypeKind::kInt}},
                     {"user.id", {}},
                     {"user.name.first", {}}});
}

Lines Decode(const StreamPlan& stream, const std::string& text) {
  const Lines rows = MustDecodeAll(stream, Format::kJsonLines, {{"a.jsonl", text}});
  for (size_t block_bytes : {1, 2, 7, 64, 100}) {
    for (size_t batch_rows : {1, 3}) {
      CAPTURE(block_bytes);
      CAPTURE(batch_rows);
      CHECK(MustDecodeAll(stream, Format::kJsonLines, {{"a.jsonl", text}},
                          {block_bytes, batch_rows}) == rows);
    }
  }
  return rows;
}

// What becomes of the member `page` of a line, whose text this is: its JSON, or the reason.
std::string Page(const std::string& json) {
  const Lines rows = Decode(Edits(), fmt::format(R"({{"ts":1,"page":{}}})", json));
  REQUIRE(rows.size() == 1);
  const std::string head = R"(1 {"ts":"1970-01-01T00:00:01Z","page":)";
  const std::string tail = R"(,"n":null,"user.id":null,"user.name.first":null})";
  if (rows[0].starts_with(head) && rows[0].ends_with(tail)) {
    return rows[0].substr(head.size(), rows[0].size() - head.size() - tail.size());
  }
  return rows[0].substr(2, rows[0].find(" raw ") - 2);
}

// What becomes of a line with a time and whatever else: "ok" or the reason.
std::string Line(const std::string& line) {
  const Lines rows = Decode(Edits(), line);
  REQUIRE(rows.size() == 1);
  if (rows[0].starts_with("1 {")) return "ok";
  const std::string head = "1 bad [", tail = fmt::format("] raw [{}]", line);
  REQUIRE(rows[0].starts_with(head));
  REQUIRE(rows[0].ends_with(tail));
  return rows[0].substr(head.size(), rows[0].size() - head.size() - tail.size());
}
// The same for a line with a time and an undeclared member of that value.
std::string Undeclared(const std::string& value) {
  return Line(fmt::format(R"({{"ts":1,"x":{}}})", value));
}

// The rows of a text, each line decoded by a decoder that has seen no other.
Lines DecodeOneByOne(const std::string& text) {
  Lines rows;
  size_t line = 1;
  for (size_t at = 0; at < text.size(); ++line) {
    const size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    const std::string alone = std::string(line - 1, '\n') + text.substr(at, end - at);
    for (std::string& row :
         MustDecodeAll(Edits(), Format::kJsonLines, {{"a.jsonl", alone}}, {256, 8})) {
      rows.push_back(std::move(row));
    }
    at = end;
  }
  return rows;
}

std::string Row(int line, const std::string& members) {
  return fmt::format(R"({} {{"ts":"1970-01-01T00:00:01Z",{}}})", line, members);
}
const std::string kNoUser = R"("user.id":null,"user.name.first":null)";

TEST_SUITE_BEGIN("ingest/json_lines_decoder");

TEST_CASE("lines become rows, whatever the order of their members and the white space") {
  CHECK(Decode(Edits(), R"({"ts":1,"page":"/a","n":5}
 { "n" :	-6 , "x" : [ ] , "page" : "/b" , "ts" : "1" } 

{"ts":1}
  	
{"n":7,"ts":1.0,"page":"/c"})") == Lines{Row(1, R"("page":"/a","n":5,)" + kNoUser),
                                         Row(2, R"("page":"/b","n":-6,)" + kNoUser),
                                         Row(4, R"("page":null,"n":null,)" + kNoUser),
                                         Row(6, R"("page":"/c","n":7,)" + kNoUser)});
}

TEST_CASE("CR before a newline is white space and no part of the raw line") {
  CHECK(Decode(Edits(), "{\"ts\":1}\r\n\r\n{\"ts\":\r\n") ==
        Lines{Row(1, R"("page":null,"n":null,)" + kNoUser),
              "3 bad [ts: not a JSON value] raw [{\"ts\":]"});
}

TEST_CASE("a byte order mark at the start of an input is skipped, elsewhere it is bad") {
  const std::string mark = "\xEF\xBB\xBF";
  CHECK(Decode(Edits(), mark + "{\"ts\":1}").size() == 1);
  CHECK(Decode(Edits(), mark + "\n{\"ts\":1}") == Decode(Edits(), "\n{\"ts\":1}"));
  CHECK(Decode(Edits(), "\n" + mark + "{\"ts\":1}")[0] ==
        fmt::format("2 bad [byte 1: expected an object] raw [{}{{\"ts\":1}}]", mark));
}

TEST_CASE("an input without any line is fine") {
  CHECK(Decode(Edits(), "").empty());
  CHECK(Decode(Edits(), "\n \n").empty());
}

TEST_CASE("a string takes strings, numbers as written, true and false; null and empty are null") {
  CHECK(Page(R"("/a")") == R"("/a")");
  CHECK(Page("\"\"") == "null");
  CHECK(Page("null") == "null");
  CHECK(Page("1.50e+1") == R"("1.50e+1")");
  CHECK(Page("-0") == R"("-0")");
  CHECK(Page("true") == R"("true")");
  CHECK(Page("false") == R"("false")");
  CHECK(Page("\"null\"") == R"("null")");
}

TEST_CASE("escapes are decoded") {
  CHECK(Page(R"("\"\\\/\b\f\n\r\t")") == R"("\"\\/\b\f\n\r\t")");
  CHECK(Page(R"("a\u0041\u00e9\u20AC\uD83D\uDE00z")") ==
        "\"aA\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z\"");
  CHECK(Page(R"("\u0000")") == R"("\u0000")");
  CHECK(Page("\"" + std::string(100, 'a') + "\\n" + std::string(100, 'b') + "\"") ==
        "\"" + std::string(100, 'a') + "\\n" + std::string(100, 'b') + "\"");
}

TEST_CASE("a declared string must be well-formed") {
  const std::string wrong = "bad [page: a wrong escape in a string]";
  CHECK(Page(R"("\x")") == wrong);
  CHECK(Page(R"("\")") == "bad [page: a string is never closed]");
  CHECK(Page(R"("\u12")") == wrong);
  CHECK(Page(R"("\u12G4")") == wrong);
  CHECK(Page(R"("\uD800")") == wrong);
  CHECK(Page(R"("\uD800\n")") == wrong);
  CHECK(Page(R"("\uD800A")") == wrong);
  CHECK(Page(R"("\uDC00")") == wrong);
  CHECK(Page("\"a\tb\"") == "bad [page: a control character in a string]");
  CHECK(Page(std::string("\"a\0b\"", 5)) == "bad [page: a control character in a string]");
  CHECK(Line(R"({"ts":1,"page":"abc)") == "page: a string is never closed");
  CHECK(Line(R"({"ts":1,"page":"abc\)") == "page: a wrong escape in a string");
  CHECK(Line(R"({"ts":1,"page":"abc\u1)") == "page: a wrong escape in a string");
}

TEST_CASE("a declared number follows JSON's grammar") {
  for (const std::string number : {"0", "-0", "10", "1.5", "0.5", "1e5", "1E+5", "1e-05", "-1.25e3",
                                   "123456789012345678901234567890"}) {
    CHECK(Page(number) == "\"" + number + "\"");
  }
  for (const std::string number : {"01", "-", "+1", ".5", "5.", "1e", "1e+", "-a", "--1", "NaN",
                                   "Infinity", "'a'", "nul", "tru", "fals", ""}) {
    CAPTURE(number);
    CHECK(Page(number) == "bad [page: not a JSON value]");
  }
  CHECK(Page("1x") == "bad [byte 17: expected ',' or '}']");
  CHECK(Page("0x10") == "bad [byte 17: expected ',' or '}']");
  CHECK(Page("nullx") == "bad [byte 20: expected ',' or '}']");
  CHECK(Page("truex") == "bad [byte 20: expected ',' or '}']");
  CHECK(Page("1 2") == "bad [byte 18: expected ',' or '}']");
}

TEST_CASE("objects and arrays are no values of a declared member") {
  CHECK(Page("{}") == "bad [page: an object, not a value]");
  CHECK(Page("[1]") == "bad [page: an array, not a value]");
}

TEST_CASE("quoted texts are read like others for every type, numbers only for what takes them") {
  StreamPlan stream = MakeStream({{"ts", {TypeKind::kTimestamp}},
                                  {"i", {TypeKind::kInt}},
                                  {"d", {TypeKind::kDecimal, 2}},
                                  {"f", {TypeKind::kFloat}},
                                  {"b", {TypeKind::kBool}}});
  CHECK(Decode(stream, R"({"ts":"1","i":"+5","d":"2.5","f":".5","b":"true"}
{"ts":1,"i":-5,"d":2.50,"f":1e3,"b":false}
{"ts":1,"i":null,"d":"","f":null,"b":null}
{"ts":"\u0031","i":"\u0035"}
{"ts":1,"i":1.0}
{"ts":1,"i":true}
{"ts":1,"b":1}
{"ts":1,"d":1e2}
{"ts":true}
{"ts":null}
{"i":1})") == Lines{R"(1 {"ts":"1970-01-01T00:00:01Z","i":5,"d":2.50,"f":0.5,"b":true})",
                    R"(2 {"ts":"1970-01-01T00:00:01Z","i":-5,"d":2.50,"f":1000.0,"b":false})",
                    R"(3 {"ts":"1970-01-01T00:00:01Z","i":null,"d":null,"f":null,"b":null})",
                    R"(4 {"ts":"1970-01-01T00:00:01Z","i":5,"d":null,"f":null,"b":null})",
                    R"(5 bad [i: not a whole number: '1.0'] raw [{"ts":1,"i":1.0}])",
                    R"(6 bad [i: not a number: 'true'] raw [{"ts":1,"i":true}])",
                    R"(7 bad [b: neither true nor false: '1'] raw [{"ts":1,"b":1}])",
                    R"(8 bad [d: not a number: '1e2'] raw [{"ts":1,"d":1e2}])",
                    R"(9 bad [ts: not a number: 'true'] raw [{"ts":true}])",
                    R"(10 bad [ts: missing] raw [{"ts":null}])",
                    R"(11 bad [ts: missing] raw [{"i":1}])"});
}

TEST_CASE("of a repeated member the first counts, also if it is null") {
  CHECK(
      Decode(Edits(), R"({"page":"/a","ts":1,"page":"/b","n":null,"n":5,"page":[})") ==
      Lines{
          R"(1 bad [byte 56: brackets that do not match] raw [{"page":"/a","ts":1,"page":"/b","n":null,"n":5,"page":[}])"});
  CHECK(Decode(Edits(), R"({"page":"/a","ts":1,"page":"/b","n":null,"n":5,"page":[abc],"ts":x})") ==
        Lines{Row(1, R"("page":"/a","n":null,)" + kNoUser)});
  CHECK(Decode(Edits(),
               R"({"ts":1,"user":{"id":"a","id":"b"},"user":{"id":"c","name":{"first":"d"}}})") ==
        Lines{Row(1, R"("page":null,"n":null,"user.id":"a","user.name.first":null)")});
  CHECK(Decode(Edits(), R"({"ts":1,"user":null,"user":{"id":"c"}})") ==
        Lines{Row(1, R"("page":null,"n":null,)" + kNoUser)});
}

TEST_CASE("names are compared after unescaping; a broken one is not declared") {
  CHECK(Decode(Edits(), R"({"\u0074s":1,"p\u0061ge":"/a","us\u0065r":{"\u0069d":"u"}})") ==
        Lines{Row(1, R"("page":"/a","n":null,"user.id":"u","user.name.first":null)")});
  CHECK(Line(R"({"ts":1,"\x":1,"\uD800":2,"a\"b":3,"":4})") == "ok");
  CHECK(Line("{\"ts\":1,\"a\tb\":1}") == "ok");
  CHECK(Line(R"({"ts":1,"\)") == "byte 10: a string is never closed");
  CHECK(Line(R"({"ts":1,"abc)") == "byte 13: a string is never closed");
  CHECK(Line(R"({"ts":1,"ts ":x,"s":y,"tss":z})") == "ok");
}

TEST_CASE("a dotted name is a path") {
  CHECK(Decode(Edits(), R"({"user":{"name":{"last":"x","first":"Ann"},"id":7},"ts":1}
{"ts":1,"user":{ }}
{"ts":1,"user":{"name":null,"id":null}}
{"ts":1,"user":null}
{"ts":1,"user.id":"x","user.name.first":"y","id":"z"}
{"ts":1,"x":{"user":{"id":"x"}}})") ==
        Lines{Row(1, R"("page":null,"n":null,"user.id":"7","user.name.first":"Ann")"),
              Row(2, R"("page":null,"n":null,)" + kNoUser),
              Row(3, R"("page":null,"n":null,)" + kNoUser),
              Row(4, R"("page":null,"n":null,)" + kNoUser),
              Row(5, R"("page":null,"n":null,)" + kNoUser),
              Row(6, R"("page":null,"n":null,)" + kNoUser)});
  CHECK(Line(R"({"ts":1,"user":{"id":"a" "x":1}})") == "byte 26: expected ',' or '}'");
  CHECK(Line(R"({"ts":1,"user":{"id":"a"})") == "byte 26: expected ',' or '}'");
}

TEST_CASE("where a path goes on in no object, all below is null; an array there is bad") {
  for (const std::string value : {"1", "\"x\"", "true", "null", "nul"}) {
    CHECK(Line(fmt::format(R"({{"ts":1,"user":{}}})", value)) == "ok");
  }
  CHECK(Line(R"({"ts":1,"user":"x})") == "byte 19: a string is never closed");
  CHECK(Line(R"({"ts":1,"user":[{"id":1}]})") == "user: an array, not an object");
  CHECK(Line(R"({"ts":1,"user":{"name":[]}})") == "user.name: an array, not an object");
}

TEST_CASE("the structure of the object is strict") {
  CHECK(Line("[1]") == "byte 1: expected an object");
  CHECK(Line("1") == "byte 1: expected an object");
  CHECK(Line("{") == "byte 2: expected a member's name");
  CHECK(Line("{}") == "ts: missing");
  CHECK(Line("{ \t}") == "ts: missing");
  CHECK(Line(R"({"ts":1,})") == "byte 9: expected a member's name");
  CHECK(Line(R"({,"ts":1})") == "byte 2: expected a member's name");
  CHECK(Line(R"({ts:1})") == "byte 2: expected a member's name");
  CHECK(Line(R"({'ts':1})") == "byte 2: expected a member's name");
  CHECK(Line(R"({"ts" 1})") == "byte 7: expected ':'");
  CHECK(Line(R"({"ts"})") == "byte 6: expected ':'");
  CHECK(Line(R"({"ts":1 "n":2})") == "byte 9: expected ',' or '}'");
  CHECK(Line(R"({"ts":1,,"n":2})") == "byte 9: expected a member's name");
  CHECK(Line(R"({"ts":1)") == "byte 8: expected ',' or '}'");
  CHECK(Line(R"({"ts":1]})") == "byte 8: expected ',' or '}'");
  CHECK(Line(R"({"ts":1}})") == "byte 9: text after the object");
  CHECK(Line(R"({"ts":1}{"ts":2})") == "byte 9: text after the object");
  CHECK(Line("{\"ts\":1}\f") == "byte 9: text after the object");
  CHECK(Line(std::string("{\"ts\":1}\0", 9)) == "byte 9: text after the object");
  CHECK(Line("{\"ts\":\v1}") == "ts: not a JSON value");
}

TEST_CASE("members that are not declared are checked only for where they end") {
  for (const std::string value : {"abc",
                                  "01",
                                  "+",
                                  "1e",
                                  "nul",
                                  "a\"b",
                                  "a[b",
                                  "\"\\x\\u1\\\"\"",
                                  "\"a\tb\"",
                                  "[,,]",
                                  "[1 2]",
                                  "{a}",
                                  "{\"a\" \"b\"}",
                                  "[\"]\"]",
                                  "[\"\\\"]\"]",
                                  "{\"}\":[{}]}",
                                  ":",
                                  "[]",
                                  "{}",
                                  "\"\\\\\""}) {
    CAPTURE(value);
    CHECK(Undeclared(value) == "ok");
    CHECK(Undeclared(" " + value + "\t") == "ok");
  }
  CHECK(Undeclared("") == "byte 13: expected a value");
  CHECK(Undeclared("\"abc") == "byte 18: a string is never closed");
  CHECK(Undeclared("\"abc\\") == "byte 19: a string is never closed");
  CHECK(Undeclared("[1") == "byte 15: brackets that do not match");
  CHECK(Undeclared("[}") == "byte 14: brackets that do not match");
  CHECK(Undeclared("{]") == "byte 14: brackets that do not match");
  CHECK(Undeclared("[[{}]") == "byte 18: brackets that do not match");
  CHECK(Undeclared("]") == "byte 13: expected a value");
  CHECK(Undeclared("1]") == "byte 14: expected ',' or '}'");
  CHECK(Undeclared("[]]") == "byte 15: expected ',' or '}'");
  CHECK(Undeclared("a b") == "byte 15: expected ',' or '}'");
  CHECK(Undeclared("\"a\"b") == "byte 16: expected ',' or '}'");
  CHECK(Line(R"({"ts":1,"x":[[)") == "byte 15: a bracket is never closed");
  CHECK(Line(R"({"ts":1,"x":["])") == "byte 16: a string is never closed");
  CHECK(Line(R"({"ts":1,"x":)") == "byte 13: expected a value");
}

TEST_CASE("brackets may nest as deep as a line is long") {
  const std::string open(100'000, '['), close(100'000, ']');
  CHECK(Undeclared(open + close) == "ok");
  CHECK(Undeclared(open + "}").ends_with("brackets that do not match"));
  std::string mixed, mixed_close;
  for (int i = 0; i < 1000; ++i) {
    mixed += i % 3 == 0 ? '{' : '[';
    mixed_close.insert(0, 1, i % 3 == 0 ? '}' : ']');
  }
  CHECK(Undeclared(mixed + mixed_close) == "ok");
  std::string nested = R"({"ts":1,"user":)";
  for (int i = 0; i < 50'000; ++i) nested += R"({"user":)";
  CHECK(Line(nested) == fmt::format("byte {}: a bracket is never closed", nested.size() + 1));
}

TEST_CASE("a line that is not UTF-8 is bad, in whatever member") {
  CHECK(Decode(Edits(), "{\"ts\":1,\"x\":\"caf\xE9\"}\n{\"ts\":1,\"page\":\"caf\xC3\xA9\"}") ==
        Lines{"1 bad [not UTF-8] raw [{\"ts\":1,\"x\":\"caf\xE9\"}]",
              Row(2, "\"page\":\"caf\xC3\xA9\",\"n\":null," + kNoUser)});
  CHECK(
      Decode(Edits(), "{\"ts\":1,\"page\":\"\xED\xA0\x80\"}")[0].starts_with("1 bad [not UTF-8]"));
}

TEST_CASE("lines of different members are not taken for each other") {
  const std::string long_name(40, 'n');
  Lines expected;
  std::string text;
  for (int i = 0; i < 6; ++i) {
    text += R"({"ts":1,"page":"/a","n":5})"
            "\n";
    text += R"({"ts":1,"n":6,"page":"/b"})"
            "\n";
    text += R"({"ts":1,"user":{"page":"x","n":1,"id":"i"},"page":"/c","n":7})"
            "\n";
    text +=
        fmt::format(R"({{"ts":1,"{}":1,"pag":"/x","page ":"/y","page":"/d","n":8}})", long_name) +
        "\n";
    expected.push_back(Row(4 * i + 1, R"("page":"/a","n":5,)" + kNoUser));
    expected.push_back(Row(4 * i + 2, R"("page":"/b","n":6,)" + kNoUser));
    expected.push_back(Row(4 * i + 3, R"("page":"/c","n":7,"user.id":"i","user.name.first":null)"));
    expected.push_back(Row(4 * i + 4, R"("page":"/d","n":8,)" + kNoUser));
  }
  CHECK(Decode(Edits(), text) == expected);
}

TEST_CASE("names of any length are told apart") {
  for (const size_t size : {1, 7, 8, 9, 14, 15, 16, 17, 31, 100}) {
    const std::string name(size, 'k');
    const StreamPlan stream = MakeStream({{"ts", {TypeKind::kTimestamp}}, {name, {}}});
    const std::string other = name.substr(0, size - 1) + "j";
    CHECK(Decode(stream, fmt::format("{{\"ts\":1,\"{0}\":\"a\"}}\n{{\"ts\":1,\"{1}\":\"b\"}}\n"
                                     "{{\"ts\":1,\"{0}k\":\"c\"}}\n{{\"ts\":1,\"{0}\":\"d\"}}\n",
                                     name, other)) ==
          Lines{Row(1, fmt::format(R"("{}":"a")", name)), Row(2, fmt::format(R"("{}":null)", name)),
                Row(3, fmt::format(R"("{}":null)", name)),
                Row(4, fmt::format(R"("{}":"d")", name))});
  }
}

TEST_CASE("names that differ only in the middle are told apart, in whatever order they come") {
  const std::string name = "the middle of a long name", other = "the mIddle of a long name";
  const StreamPlan stream = MakeStream({{"ts", {TypeKind::kTimestamp}}, {name, {}}, {"b", {}}});
  std::string text;
  Lines expected;
  for (int i = 1; i <= 20; ++i) {
    std::vector<std::string> members = {R"("ts":1)", fmt::format(R"("{}":"n")", name),
                                        fmt::format(R"("{}": "o")", other), R"("b":true)",
                                        R"("":"e")"};
    std::rotate(members.begin(), members.begin() + i % 4, members.end() - i % 2);
    text += fmt::format("{{{}}}\n", fmt::join(members, i % 3 == 0 ? ", " : ","));
    expected.push_back(Row(i, fmt::format(R"("{}":"n","b":"true")", name)));
  }
  CHECK(Decode(stream, text) == expected);
}

TEST_CASE("a line of more members than are remembered is read all the same") {
  std::string line = "{";
  for (int i = 0; i < 10'000; ++i) line += fmt::format(R"("m{}":"{}",)", i, i);
  line += R"("ts":1,"page":"/a"})";
  CHECK(Decode(Edits(), line + "\n" + line) == Lines{Row(1, R"("page":"/a","n":null,)" + kNoUser),
                                                     Row(2, R"("page":"/a","n":null,)" + kNoUser)});
}

TEST_CASE("lines of a few shapes, some of them damaged, are read as if each were the first") {
  std::mt19937_64 random(5);
  const auto pick = [&](const Lines& choices) { return choices[random() % choices.size()]; };
  const Lines shapes = {R"({"ts":N,"page":S,"n":N})",
                        R"({"ts":N,"page":S,"n":N})"
                        "\r",
                        R"({"x":S,"ts":N,"user":{"id":S,"name":{"first":S}},"n":N})",
                        R"({"x":N,"ts":N,"user":{"id":S,"name":{"first":S}},"n":N,"y":S})",
                        R"({ "ts": N, "page": S, "ok": N, "n": N } )",
                        R"({"p\u0061ge":S,"ts":N,"page":N,"an unusually long name of a member":S})",
                        R"({"ts":N,"list":[N,S],"page":S})",
                        "\t{\"ts\":N,\t\"page\":S\t}\t"};
  const Lines numbers = {"1", "0", "5", "12345678", "null", "true", "false", "-7"};
  const Lines odd_numbers = {"01",  "-",   "1.",  "1e3",   "1.5",   "",
                             "nul", "[1]", "{}",  "x",     "\"5\"", "12345678901234567890",
                             "-0",  "1 ",  "NaN", "1.2.3", ".5"};
  const Lines strings = {R"("")", R"("a")", R"("/products/1")", R"("a longer text, with a comma")"};
  const Lines odd_strings = {R"("\n")", R"("\"")", R"("\x")", "\"\t\"",     "\"\xFF\"",
                             "\"",      "null",    "7",       R"("a" "b")", R"("\u00e9")"};
  const std::string damage = "\"\"\"{}[]:,\\ \t1a\x01";
  for (int round = 0; round < 300; ++round) {
    std::string text;
    const size_t few = 1 + random() % shapes.size();  // shapes in this text
    for (int i = 0; i < 100; ++i) {
      std::string line;
      for (const char c : shapes[random() % few]) {
        const bool odd = random() % 40 == 0;
        if (c == 'N') {
          line += pick(odd ? odd_numbers : numbers);
        } else if (c == 'S') {
          line += pick(odd ? odd_strings : strings);
        } else {
          line += c;
        }
      }
      if (random() % 10 == 0) {
        const size_t at = random() % line.size();
        const size_t erased = random() % 2;
        line.replace(at, erased, std::string(random() % 2, damage[random() % damage.size()]));
      }
      text += line + "\n";
    }
    CAPTURE(round);
    CAPTURE(text);
    const Lines rows = MustDecodeAll(Edits(), Format::kJsonLines, {{"a.jsonl", text}});
    REQUIRE(rows == DecodeOneByOne(text));
  }
}

TEST_CASE("a name that is the beginning of another's path is refused") {
  const StreamPlan stream =
      MakeStream({{"ts", {TypeKind::kTimestamp}}, {"user.name", {}}, {"user.name.first", {}}});
  const absl::StatusOr<Lines> rows = DecodeAll(stream, Format::kJsonLines, {});
  REQUIRE(!rows.ok());
  CHECK(rows.status().code() == absl::StatusCode::kInvalidArgument);
  CHECK(
      std::string(rows.status().message()) ==
      "the fields 'user.name' and 'user.name.first' cannot both be read from JSON: the first would "
      "have to be a value and an object");
}

TEST_CASE("made-up lines are read the same, cut however, and as the first line of an input") {
  std::mt19937_64 random(3);
  const Lines pieces = {R"("ts":1)",
                        R"("page":"/a")",
                        R"("n":5)",
                        R"("user":{"id":"u"})",
                        ",",
                        "{",
                        "}",
                        ":",
                        "\"",
                        "\\",
                        "[",
                        "]",
                        " ",
                        "\n",
                        "\r\n",
                        "null",
                        R"("x":[1,{"y":"]"}])",
                        R"("user":)",
                        R"({"name":{"first":"f"}})",
                        "{\"ts\":1,\"page\":\"/b\"}\n",
                        "\xC3\xA9",
                        "\xFF",
                        "\t",
                        R"("pag\u0065":"\n")"};
  for (int round = 0; round < 5'000; ++round) {
    std::string text;
    const size_t count = random() % 30;
    for (size_t i = 0; i < count; ++i) {
      if (random() % 3 == 0) text += "{\"ts\":1,";
      text += pieces[random() % pieces.size()];
      if (random() % 3 == 0) text += "}\n";
    }
    CAPTURE(round);
    CAPTURE(text);
    const Lines rows = MustDecodeAll(Edits(), Format::kJsonLines, {{"a.jsonl", text}});
    const DecodeSizes sizes = {1 + random() % 200, 1 + random() % 5};
    REQUIRE(MustDecodeAll(Edits(), Format::kJsonLines, {{"a.jsonl", text}}, sizes) == rows);
    REQUIRE(rows == DecodeOneByOne(text));
  }
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
