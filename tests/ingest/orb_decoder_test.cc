#include "ingest/orb_decoder.h"

#include <cstdint>
#include <string>
#include <vector>

#include "core/key.h"
#include "doctest/doctest.h"
#include "fmt/format.h"
#include "ingest/open.h"
#include "ingest/orb_source.h"
#include "tests/support/decode_all.h"
#include "tests/support/orb_file.h"
#include "tests/support/temporary_directory.h"

namespace onrush {
namespace {

// Three rows: a time in whole seconds, a column of each type, and texts of such values.
RandomBlock Rows() {
  RandomBlock rows;
  rows.schema.columns = {{"t", {TypeKind::kTimestamp}},
                         {"i", {TypeKind::kInt}},
                         {"d", {TypeKind::kDecimal, 2}},
                         {"f", {TypeKind::kFloat}},
                         {"b", {TypeKind::kBool}},
                         {"s", {}},
                         {"n", {}}};
  rows.schema.time_column = 0;
  rows.rows = 3;
  for (const BlockColumn& column : rows.schema.columns) {
    rows.columns.push_back(Column::Make(column.type, rows.rows));
  }
  rows.columns[0].ints = {1'000'000'000, 2'500'000'000, 3'000'000'000};
  rows.columns[1].ints = {7, INT64_MIN, 9};
  rows.columns[2].ints = {150, -5, 0};
  rows.columns[3].floats = {0.5, 1e300, -3};
  rows.columns[4].ints = {1, 0, 1};
  rows.columns[5].strings = {"x", "", "\"q\""};
  rows.columns[6].strings = {"1.5", "no", ""};
  rows.columns[1].nulls = {0, 0, 1};
  return rows;
}

StreamPlan Stream(std::vector<FieldPlan> fields) {
  StreamPlan stream = MakeStream(std::move(fields));
  stream.time_format.kind = TimeFormat::Kind::kUnixSeconds;
  return stream;
}

// The rows as DecodeAll() shows them.
absl::StatusOr<std::vector<std::string>> Decode(const StreamPlan& stream, size_t batch_rows = 2) {
  const TemporaryDirectory directory;
  const std::string file = directory.Write("f.orb", OrbFile(Rows(), 2));
  auto source = OpenFiles({file}, stream, Format::kOrb);
  REQUIRE(source.ok());
  return DecodeSource(stream, Format::kOrb, **source, batch_rows);
}

std::vector<std::string> MustDecode(const StreamPlan& stream, size_t batch_rows = 2) {
  const auto rows = Decode(stream, batch_rows);
  REQUIRE_MESSAGE(rows.ok(), rows.status().ToString());
  return *rows;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_SUITE_BEGIN("ingest/orb_decoder");

TEST_CASE("fields are columns of their names") {
  const StreamPlan stream = Stream({{"t", {TypeKind::kTimestamp}},
                                    {"s", {}},
                                    {"b", {TypeKind::kBool}},
                                    {"i", {TypeKind::kInt}}});
  const Strings expected = {
      R"(1 {"t":"1970-01-01T00:00:01Z","s":"x","b":true,"i":7})",
      R"(2 {"t":"1970-01-01T00:00:02.500Z","s":null,"b":false,"i":-9223372036854775808})",
      R"(3 {"t":"1970-01-01T00:00:03Z","s":"\"q\"","b":true,"i":null})"};
  CHECK(MustDecode(stream) == expected);
  CHECK(MustDecode(stream, 1) == expected);
  CHECK(MustDecode(stream, 100) == expected);
}

TEST_CASE("what converts exactly is converted, value by value") {
  CHECK(
      MustDecode(Stream({{"t", {TypeKind::kTimestamp}},
                         {"d", {TypeKind::kDecimal, 4}},
                         {"n", {TypeKind::kDecimal, 1}}})) ==
      Strings{
          R"(1 {"t":"1970-01-01T00:00:01Z","d":1.5000,"n":1.5})",
          R"(2 bad [n: not a number: 'no'] raw [{"t":"1970-01-01T00:00:02.500Z","i":-9223372036854775808,"d":-0.05,"f":1e+300,"b":false,"s":"","n":"no"}])",
          R"(3 {"t":"1970-01-01T00:00:03Z","d":0.0000,"n":null})"});
  CHECK(MustDecode(Stream(
      {{"t", {TypeKind::kTimestamp}}, {"i", {TypeKind::kDecimal, 1}}, {"f", {}}, {"b", {}}}))[1]
            .starts_with("2 bad [i: "));
  StreamPlan texts = Stream({{"d", {TypeKind::kTimestamp}}, {"t", {}}, {"i", {}}, {"b", {}}});
  texts.time_column = 0;
  CHECK(MustDecode(texts)[0] ==
        R"(1 {"d":"1970-01-01T00:00:01.500Z","t":"1970-01-01T00:00:01Z","i":"7","b":"true"})");
}

TEST_CASE("columns that nobody uses are left out, unless a value of theirs can be bad") {
  StreamPlan stream = Stream({{"t", {TypeKind::kTimestamp}}, {"i", {TypeKind::kInt}}, {"s", {}}});
  for (FieldPlan& field : stream.fields) field.unused = true;
  CHECK(MustDecode(stream) == Strings{R"(1 {"t":"1970-01-01T00:00:01Z","i":0,"s":""})",
                                      R"(2 {"t":"1970-01-01T00:00:02.500Z","i":0,"s":""})",
                                      R"(3 {"t":"1970-01-01T00:00:03Z","i":0,"s":""})"});
  stream.fields.push_back({"n", {TypeKind::kDecimal, 1}, true});
  CHECK(MustDecode(stream)[1].starts_with("2 bad [n: not a number: 'no'] raw [{"));
}

TEST_CASE("a batch tells of a column's dictionary only if all of its rows have it") {
  RandomBlock rows;
  rows.schema.columns = {{"t", {TypeKind::kTimestamp}}, {"s", {}}};
  rows.schema.time_column = 0;
  rows.rows = 60;
  rows.columns = {Column::Make({TypeKind::kTimestamp}, rows.rows), Column::Make({}, rows.rows)};
  for (size_t row = 0; row < rows.rows; ++row) {
    rows.columns[0].ints[row] = static_cast<int64_t>(row);
    rows.columns[1].strings[row] = row % 2 == 0 ? "a rather long text" : "another text";
  }
  const std::string block = WriteBlock(rows);
  const PaddedBytes bytes(block);
  const StreamPlan stream = Stream({{"t", {TypeKind::kTimestamp}}, {"s", {}}});
  const auto decoder = *MakeDecoder(stream, Format::kOrb);
  TextBlock text;
  text.text = bytes.view();
  EventBatch batch(stream, 0, 100);
  REQUIRE(decoder->Start(text).ok());
  CHECK(!decoder->Decode(batch));
  const Column& column = batch.columns[1];
  REQUIRE(column.dictionary != nullptr);
  for (size_t row = 0; row < rows.rows; ++row) {
    CHECK(column.dictionary->entries[column.codes[row]] == column.strings[row]);
  }
  REQUIRE(decoder->Start(text).ok());
  CHECK(decoder->Decode(batch));
  CHECK(batch.size == 100);
  CHECK(column.dictionary == nullptr);
  batch.Clear();
  CHECK(!decoder->Decode(batch));
  CHECK(column.dictionary != nullptr);
}

TEST_CASE("what does not convert, or is not there, is refused") {
  CHECK(Decode(Stream({{"t", {TypeKind::kTimestamp}}, {"d", {TypeKind::kInt}}})).status().code() ==
        absl::StatusCode::kInvalidArgument);
  const auto missing = Decode(Stream({{"t", {TypeKind::kTimestamp}}, {"tt", {}}}));
  CHECK(std::string(missing.status().message())
            .ends_with("f.orb: there is no column 'tt'; right would be 't'"));
}

TEST_CASE("a range leaves out events, and blocks are not read for it") {
  StreamPlan stream = Stream({{"t", {TypeKind::kTimestamp}}, {"i", {TypeKind::kInt}}});
  stream.replay_from = EventTime{2'500'000'000};
  CHECK(MustDecode(stream) ==
        Strings{R"(2 {"t":"1970-01-01T00:00:02.500Z","i":-9223372036854775808})",
                R"(3 {"t":"1970-01-01T00:00:03Z","i":null})", "1 outside"});
  stream.replay_until = EventTime{3'000'000'000};
  CHECK(MustDecode(stream).size() == 2);
  stream.replay_from = EventTime{2'600'000'000};
  CHECK(MustDecode(stream) == Strings{"3 outside"});
}

TEST_SUITE_END();

}  // namespace onrush
