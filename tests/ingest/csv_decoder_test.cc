#include "ingest/csv_decoder.h"

#include <random>
#include <string>
#include <vector>

#include "core/json_text.h"
#include "core/time.h"
#include "doctest/doctest.h"
#include "fmt/format.h"
#include "tests/support/decode_all.h"
#include "tests/support/model_records.h"

namespace onrush {
namespace {

using Lines = std::vector<std::string>;

StreamPlan Clicks() {
  return MakeStream({{"ts", {TypeKind::kTimestamp}}, {"page", {}}, {"n", {TypeKind::kInt}}});
}

Lines Decode(const StreamPlan& stream, const std::string& text) {
  const Lines rows = MustDecodeAll(stream, Format::kCsv, {{"a.csv", text}});
  for (size_t block_bytes : {1, 2, 3, 7, 64, 100}) {
    for (size_t batch_rows : {1, 3}) {
      CAPTURE(block_bytes);
      CAPTURE(batch_rows);
      CHECK(MustDecodeAll(stream, Format::kCsv, {{"a.csv", text}}, {block_bytes, batch_rows}) ==
            rows);
    }
  }
  return rows;
}
// Rows of a stream `ts, page, n` with a header.
Lines DecodeClicks(const std::string& records) { return Decode(Clicks(), "ts,page,n\n" + records); }
std::string StartError(const StreamPlan& stream, const std::string& text) {
  const absl::StatusOr<Lines> rows = DecodeAll(stream, Format::kCsv, {{"a.csv", text}});
  REQUIRE(!rows.ok());
  CHECK(rows.status().code() == absl::StatusCode::kInvalidArgument);
  return std::string(rows.status().message());
}

std::string Click(int line, int second, const std::string& page, const std::string& n) {
  return fmt::format(R"({} {{"ts":"1970-01-01T00:00:0{}Z","page":{},"n":{}}})", line, second, page,
                     n);
}

TEST_SUITE_BEGIN("ingest/csv_decoder");

TEST_CASE("records become rows with the number of their line") {
  CHECK(DecodeClicks("1,/a,5\n2,/b,-6\n") ==
        Lines{Click(2, 1, R"("/a")", "5"), Click(3, 2, R"("/b")", "-6")});
}

TEST_CASE("the last record may lack its newline") {
  CHECK(DecodeClicks("1,/a,5\n2,/b,6") ==
        Lines{Click(2, 1, R"("/a")", "5"), Click(3, 2, R"("/b")", "6")});
}

TEST_CASE("CRLF ends a record, a CR alone is data") {
  CHECK(DecodeClicks("1,/a,5\r\n2,/\rb,6\r\n3,\r,7\n") == Lines{Click(2, 1, R"("/a")", "5"),
                                                                Click(3, 2, R"("/\rb")", "6"),
                                                                Click(4, 3, R"("\r")", "7")});
  CHECK(DecodeClicks("1,/a,5\r") == Lines{"2 bad [n: not a number: '5\r'] raw [1,/a,5\r]"});
  CHECK(DecodeClicks("1,/a,\"5\"\r") ==
        Lines{"2 bad [column 3: text after a closing quote] raw [1,/a,\"5\"\r]"});
  CHECK(DecodeClicks("1,/a,\"5\"\r\n") == Lines{Click(2, 1, R"("/a")", "5")});
}

TEST_CASE("lines of no bytes are ignored, also before the header, lines of white space are not") {
  CHECK(Decode(Clicks(), "\n\r\n\nts,page,n\n\n1,/a,5\n\r\n\n2,/b,6\n\n") ==
        Lines{Click(6, 1, R"("/a")", "5"), Click(9, 2, R"("/b")", "6")});
  CHECK(DecodeClicks(" \n") == Lines{"2 bad [1 column instead of 3] raw [ ]"});
  CHECK(DecodeClicks("\r") == Lines{"2 bad [1 column instead of 3] raw [\r]"});
}

TEST_CASE("an empty field, quoted or not, is null; white space is kept") {
  CHECK(DecodeClicks("1,,\n2,\"\",\"\"\n3, ,4\n") == Lines{Click(2, 1, "null", "null"),
                                                           Click(3, 2, "null", "null"),
                                                           Click(4, 3, R"(" ")", "4")});
  CHECK(DecodeClicks("1,/a, 4\n") == Lines{"2 bad [n: not a number: ' 4'] raw [1,/a, 4]"});
}

TEST_CASE("quotes hold delimiters, newlines and doubled quotes") {
  CHECK(DecodeClicks(
            "1,\"a,b\",5\n2,\"a\nb\n\",6\n3,\"a\"\"b\",7\n4,\"\"\"\",8\n5,\"\r\n\",\"9\"\n") ==
        Lines{Click(2, 1, R"("a,b")", "5"), Click(3, 2, R"("a\nb\n")", "6"),
              Click(6, 3, R"("a\"b")", "7"), Click(7, 4, R"("\"")", "8"),
              Click(8, 5, R"("\r\n")", "9")});
}

TEST_CASE("a quote inside an unquoted field is literal") {
  CHECK(DecodeClicks("1,a\"b,5\n2,a\"\"b\",6\n3, \"x\",7\n") ==
        Lines{Click(2, 1, R"("a\"b")", "5"), Click(3, 2, R"("a\"\"b\"")", "6"),
              Click(4, 3, R"(" \"x\"")", "7")});
  CHECK(DecodeClicks("1,a\"b,c\"d\n2,b,6\n") ==
        Lines{"2 bad [n: not a number: 'c\"d'] raw [1,a\"b,c\"d]", Click(3, 2, R"("b")", "6")});
}

TEST_CASE("text after a closing quote is bad and read on as an unquoted field") {
  CHECK(DecodeClicks("1,\"a\"b,5\n2,b,6\n") ==
        Lines{"2 bad [column 2: text after a closing quote] raw [1,\"a\"b,5]",
              Click(3, 2, R"("b")", "6")});
  CHECK(DecodeClicks("1,\"a\" \"b\n2,b,6\n") ==
        Lines{"2 bad [2 columns instead of 3] raw [1,\"a\" \"b]", Click(3, 2, R"("b")", "6")});
  CHECK(DecodeClicks("1,\"a\"\"\"b,5\n2,b,6\n") ==
        Lines{"2 bad [column 2: text after a closing quote] raw [1,\"a\"\"\"b,5]",
              Click(3, 2, R"("b")", "6")});
}

TEST_CASE("columns that are not declared are skipped, but their quotes are checked") {
  const StreamPlan stream = MakeStream({{"ts", {TypeKind::kTimestamp}}});
  CHECK(Decode(stream, "x,ts,y\n\"a\nb\",1,\"\"\"\"\n\"a\"b,2,\n,3,\"a\"\"b\"c\n,4,\n") ==
        Lines{R"(2 {"ts":"1970-01-01T00:00:01Z"})",
              "4 bad [column 1: text after a closing quote] raw [\"a\"b,2,]",
              "5 bad [column 3: text after a closing quote] raw [,3,\"a\"\"b\"c]",
              R"(6 {"ts":"1970-01-01T00:00:04Z"})"});
}

TEST_CASE("a quote that is never closed takes the rest of the input with it") {
  CHECK(
      DecodeClicks("1,a,5\n2,\"b,6\n3,c,7\n") ==
      Lines{Click(2, 1, R"("a")", "5"), "3 bad [a quote is never closed] raw [2,\"b,6\n3,c,7\n]"});
  const StreamPlan stream = Clicks();
  const Lines rows =
      MustDecodeAll(stream, Format::kCsv, {{"a", "ts,page,n\n1,\"a"}, {"b", "ts,page,n\n2,b,6"}});
  CHECK(rows == Lines{"2 bad [a quote is never closed] raw [1,\"a]", Click(2, 2, R"("b")", "6")});
}

TEST_CASE("another number of columns than the header's is bad") {
  CHECK(DecodeClicks("1,/a\n2,/b,6,\n3,/c,7\n,,,,,,\n1\n") ==
        Lines{"2 bad [2 columns instead of 3] raw [1,/a]",
              "3 bad [4 columns instead of 3] raw [2,/b,6,]", Click(4, 3, R"("/c")", "7"),
              "5 bad [7 columns instead of 3] raw [,,,,,,]",
              "6 bad [1 column instead of 3] raw [1]"});
}

TEST_CASE("a record of far more columns than the header is counted, not kept") {
  const std::string wide(100'000, ',');
  CHECK(DecodeClicks("1,a,5\n" + wide + "\n2,b,6\n") ==
        Lines{Click(2, 1, R"("a")", "5"), "3 bad [100001 columns instead of 3] raw [" + wide + "]",
              Click(4, 2, R"("b")", "6")});
}

TEST_CASE("the time must be there, and the first field in order of declaration gives the reason") {
  CHECK(DecodeClicks(",/a,5\nx,/b,y\n1,/c,y\n") ==
        Lines{"2 bad [ts: missing] raw [,/a,5]", "3 bad [ts: not a number: 'x'] raw [x,/b,y]",
              "4 bad [n: not a number: 'y'] raw [1,/c,y]"});
}

TEST_CASE("fields are found by name, whatever their order in the header") {
  CHECK(Decode(Clicks(), "n,x,page,ts\n5,?,/a,1\n") == Lines{Click(2, 1, R"("/a")", "5")});
  CHECK(Decode(Clicks(), "\"n\",\"x\"\"y\",\"page\",\"ts\"\r\n5,?,/a,1\n") ==
        Lines{Click(2, 1, R"("/a")", "5")});
}

TEST_CASE("without a header the columns are the declared fields") {
  StreamPlan stream = Clicks();
  stream.header = false;
  CHECK(Decode(stream, "1,/a,5\n2,/b,6,x\nts,page,n\n") ==
        Lines{Click(1, 1, R"("/a")", "5"), "2 bad [4 columns instead of 3] raw [2,/b,6,x]",
              "3 bad [ts: not a number: 'ts'] raw [ts,page,n]"});
}

TEST_CASE("any byte can be the delimiter") {
  StreamPlan stream = Clicks();
  for (const char delimiter : {';', '\t', '|', '\x01', '\xA7'}) {
    stream.delimiter = delimiter;
    const std::string d(1, delimiter);
    CHECK(Decode(stream, fmt::format("ts{0}page{0}n\n1{0}\"a{0}b\"{0}5\n2{0}c,d{0}6\n", d))[1] ==
          Click(3, 2, R"("c,d")", "6"));
  }
}

TEST_CASE("a byte order mark at the start of each input is skipped, elsewhere it is data") {
  const std::string mark = "\xEF\xBB\xBF";
  CHECK(Decode(Clicks(), mark + "ts,page,n\n1,/a,5\n") == Lines{Click(2, 1, R"("/a")", "5")});
  CHECK(Decode(Clicks(), mark + "\"ts\",page,n\n1,/a,5\n") == Lines{Click(2, 1, R"("/a")", "5")});
  CHECK(Decode(Clicks(), mark + "\nts,page,n\n1,/a,5\n") == Lines{Click(3, 1, R"("/a")", "5")});
  CHECK(DecodeClicks(mark + "1,/a,5\n") ==
        Lines{fmt::format("2 bad [ts: not a number: '{0}1'] raw [{0}1,/a,5]", mark)});
  StreamPlan stream = Clicks();
  stream.header = false;
  CHECK(Decode(stream, mark + "\"1\",\"/\na\",5\n") == Lines{Click(1, 1, R"("/\na")", "5")});
  CHECK(Decode(stream, mark) == Lines{});
}

TEST_CASE("blank lines alone in a window that ends in a quote are no rows") {
  // Found by fuzzing: texts of no rows were counted from a null pointer.
  CHECK(Decode(MakeStream({{"ts", {TypeKind::kTimestamp}}}), "ts\n\n\"1\n\"") ==
        Lines{"3 bad [ts: not a number: '1\n'] raw [\"1\n\"]"});
}

TEST_CASE("an input without any record is fine") {
  CHECK(Decode(Clicks(), "") == Lines{});
  CHECK(Decode(Clicks(), "\n\r\n") == Lines{});
  CHECK(Decode(Clicks(), "ts,page,n") == Lines{});
}

TEST_CASE("every input has its own header") {
  const Lines rows =
      MustDecodeAll(Clicks(), Format::kCsv,
                    {{"a", "ts,page,n\n1,/a,5"}, {"b", ""}, {"c", "\nn,ts,page\n6,2,/b\n"}});
  CHECK(rows == Lines{Click(2, 1, R"("/a")", "5"), Click(3, 2, R"("/b")", "6")});
}

TEST_CASE(
    "a header that lacks, repeats or breaks a declared column is an error with what is right") {
  CHECK(StartError(Clicks(), "ts,pag,n\n") ==
        "a.csv:1: the header has no column 'page'; right would be 'pag'");
  CHECK(StartError(Clicks(), "\n\nts,url,n\n") ==
        "a.csv:3: the header has no column 'page'; right would be one of 'ts', 'url', 'n'");
  CHECK(StartError(Clicks(), "ts,page,n,page\n") ==
        "a.csv:1: the header has the column 'page' twice, as columns 2 and 4; right would be one "
        "name for one column");
  CHECK(StartError(Clicks(), "ts,\"page\"x,n\n") ==
        "a.csv:1: column 2 of the header: text after a closing quote, or a quote that is never "
        "closed: '\"page\"x'");
  CHECK(StartError(Clicks(), "\r\n\nts,\"page\n1").starts_with("a.csv:3: column 2 of the header"));
  CHECK(Decode(MakeStream({{"ts", {TypeKind::kTimestamp}}}), "ts,x,x\n1,2,3\n").size() == 1);
}

TEST_CASE("all types are read, from unusual places too") {
  StreamPlan stream = MakeStream({{"ts", {TypeKind::kTimestamp}},
                                  {"i", {TypeKind::kInt}},
                                  {"d", {TypeKind::kDecimal, 2}},
                                  {"f", {TypeKind::kFloat}},
                                  {"b", {TypeKind::kBool}},
                                  {"s", {}},
                                  {"t", {TypeKind::kTimestamp}}});
  stream.header = false;
  CHECK(
      Decode(stream,
             "1,-5,2.5,1e3,true,x,2\n"
             "1,\"5\",\"2.50\",\"0.1\",\"false\",\"x\",\"2\"\n"
             "1,,,,,,\n"
             "1,5.5,,,,,\n1,,2.555,,,,\n1,,,nan,,,\n1,,,,yes,,\n1,,,,,,x\n") ==
      Lines{
          R"(1 {"ts":"1970-01-01T00:00:01Z","i":-5,"d":2.50,"f":1000.0,"b":true,"s":"x","t":"1970-01-01T00:00:02Z"})",
          R"(2 {"ts":"1970-01-01T00:00:01Z","i":5,"d":2.50,"f":0.1,"b":false,"s":"x","t":"1970-01-01T00:00:02Z"})",
          R"(3 {"ts":"1970-01-01T00:00:01Z","i":null,"d":null,"f":null,"b":null,"s":null,"t":null})",
          "4 bad [i: not a whole number: '5.5'] raw [1,5.5,,,,,]",
          "5 bad [d: more than 2 digits after the point: '2.555'] raw [1,,2.555,,,,]",
          "6 bad [f: not a number: 'nan'] raw [1,,,nan,,,]",
          "7 bad [b: neither true nor false: 'yes'] raw [1,,,,yes,,]",
          "8 bad [t: not a number: 'x'] raw [1,,,,,,x]"});
}

// True if a row of `ts`, `s1` and `s2` is what a plain reading of the rules makes of a record.
bool Agrees(const std::string& row, const model::Record& record) {
  const std::string time = record.reason.empty() ? record.fields[0].value_or("") : "";
  // The texts that this is for have no digits but 1.
  if (time.empty() || time.size() > 10 || time.find_first_not_of('1') != std::string::npos) {
    return row.starts_with(fmt::format("{} bad [", record.line)) &&
           row.ends_with(fmt::format("] raw [{}]", record.raw));
  }
  std::string good = fmt::format("{} {{\"ts\":\"{}\"", record.line,
                                 FormatInstant(WideTime{std::stoll(time)} * kNanosPerSecond));
  for (size_t i = 1; i < 3; ++i) {
    good += fmt::format(",\"s{}\":", i);
    if (record.fields[i]) {
      AppendJsonString(*record.fields[i], good);
    } else {
      good += "null";
    }
  }
  return row == good + "}";
}

TEST_CASE("made-up texts are read as a plain reading of the rules reads them, cut however") {
  std::mt19937_64 random(1);
  const std::vector<std::string> pieces = {"1,a,b\n",
                                           "1,\"a\",b\n",
                                           "1,a,",
                                           "1,",
                                           "\"",
                                           "\"\"",
                                           ",",
                                           "\n",
                                           "\r\n",
                                           "\r",
                                           "a",
                                           "xyz",
                                           "1,\"a,\n\"\"\",b\n",
                                           "1",
                                           "1,aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,b\n"};
  StreamPlan stream = MakeStream({{"ts", {TypeKind::kTimestamp}}, {"s1", {}}, {"s2", {}}});
  stream.header = false;
  for (int round = 0; round < 5'000; ++round) {
    std::string text;
    const size_t count = random() % 40;
    // In half of the rounds quotes are rare, so that records end.
    for (size_t i = 0; i < count; ++i) {
      const std::string& piece = pieces[random() % pieces.size()];
      if (piece.find('"') == std::string::npos || round % 2 == 0 || random() % 4 == 0)
        text += piece;
    }
    CAPTURE(round);
    CAPTURE(text);
    const std::vector<model::Record> records = model::ReadCsv(stream, text);
    const Lines rows = MustDecodeAll(stream, Format::kCsv, {{"a.csv", text}});
    CAPTURE(fmt::format("{}", fmt::join(rows, "\n")));
    REQUIRE(rows.size() == records.size());
    for (size_t i = 0; i < rows.size(); ++i) REQUIRE(Agrees(rows[i], records[i]));
    const DecodeSizes sizes = {1 + random() % 200, 1 + random() % 5};
    CAPTURE(sizes.block_bytes);
    REQUIRE(MustDecodeAll(stream, Format::kCsv, {{"a.csv", text}}, sizes) == rows);
  }
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
