#include "ingest/open.h"

#include <string>

#include "doctest/doctest.h"
#include "tests/support/decode_all.h"

namespace onrush {
namespace {

TEST_SUITE_BEGIN("ingest/open");

TEST_CASE("a file's name tells its format, compressed or not") {
  CHECK(FormatOfName("a.csv") == Format::kCsv);
  CHECK(FormatOfName("dir.jsonl/a.CSV.gz") == Format::kCsv);
  CHECK(FormatOfName("a.csv.zst") == Format::kCsv);
  CHECK(FormatOfName("a.jsonl") == Format::kJsonLines);
  CHECK(FormatOfName("a.ndjson.zst") == Format::kJsonLines);
  CHECK(FormatOfName("a.json.gz") == Format::kJsonLines);
  CHECK(FormatOfName("-") == std::nullopt);
  CHECK(FormatOfName("a.txt") == std::nullopt);
  CHECK(FormatOfName("a.csv.zip") == std::nullopt);
  CHECK(FormatOfName("csv") == std::nullopt);
  CHECK(FormatOfName("") == std::nullopt);
}

TEST_CASE("a decoder is refused what it cannot work with") {
  StreamPlan stream = MakeStream({{"ts", {TypeKind::kTimestamp}}});
  CHECK(MakeDecoder(stream, Format::kCsv).ok());
  for (const char delimiter : {'"', '\n', '\r'}) {
    stream.delimiter = delimiter;
    CHECK(MakeDecoder(stream, Format::kCsv).status().code() == absl::StatusCode::kInvalidArgument);
  }
  stream = MakeStream({{"ts", {TypeKind::kTimestamp}}});
  stream.time_format = {TimeFormat::Kind::kPattern, "%Q", "UTC"};
  CHECK(MakeDecoder(stream, Format::kCsv).status().code() == absl::StatusCode::kInvalidArgument);
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
