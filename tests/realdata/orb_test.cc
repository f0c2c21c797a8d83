// Recorded events through .orb and back, and replayed from there.
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/json_text.h"
#include "doctest/doctest.h"
#include "ingest/open.h"
#include "simdjson.h"
#include "tests/realdata/data_folder.h"
#include "tests/realdata/replay.h"
#include "tests/support/temporary_directory.h"
#include "tools/onrush/convert_run.h"

namespace onrush::realdata {
namespace {

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Converts a file to .orb in `directory`. Returns its path.
std::string Convert(const std::string& input, const TemporaryDirectory& directory,
                    const std::string& name, std::optional<StreamPlan> stream = std::nullopt) {
  ConvertOptions options;
  options.inputs = {input};
  options.output = directory.path() + "/" + name;
  options.stream = std::move(stream);
  const absl::Status status = ConvertFiles(options);
  REQUIRE_MESSAGE(status.ok(), status.ToString());
  return options.output;
}

// The line with every value but null as a string.
std::string WithTexts(const std::string& line) {
  simdjson::dom::parser parser;
  std::string out = "{";
  for (const auto [name, value] : simdjson::dom::object(parser.parse(line))) {
    out += out.size() > 1 ? "," : "";
    AppendJsonString({name.data(), name.size()}, out);
    out += ':';
    if (value.is_string()) {
      AppendJsonString(std::string_view(value.get_string()), out);
    } else if (value.is_null()) {
      out += "null";
    } else {
      out += '"' + std::string(simdjson::minify(value)) + '"';
    }
  }
  return out + '}';
}

constexpr std::string_view kPayments = R"toml(
[stream.payments]
time = "TX_DATETIME"
time_format = "%Y-%m-%d %H:%M:%S"
max_out_of_orderness = "1h"
[stream.payments.fields]
TX_DATETIME = "timestamp"
CUSTOMER_ID = "string"
TX_AMOUNT = "decimal(2)"
[[query]]
name = "busy"
type = "top_k"
key = "CUSTOMER_ID"
window = { size = "1d", slide = "1d" }
k = 10
[[query]]
name = "spent"
type = "aggregate"
key = "CUSTOMER_ID"
compute = ["count", "sum(TX_AMOUNT) as amount"]
emit = "final"
)toml";

}  // namespace

TEST_SUITE_BEGIN("realdata/orb");

TEST_CASE("recorded CSV comes back byte for byte") {
  for (const std::string_view name : {"online-retail.csv.zst", "transactions.csv.zst",
                                      "green_taxi_by_dropoff.csv.zst", "tied_customer_rows.csv"}) {
    const auto path = FindDataFile(name);
    if (!path) continue;
    CAPTURE(*path);
    const TemporaryDirectory directory;
    const std::string back = Convert(Convert(*path, directory, "there.orb"), directory, "back.csv");
    CHECK((ReadAll(back) == ReadDataFile(*path)));
  }
}

TEST_CASE("recorded JSON Lines come back with every value") {
  for (const std::string_view name :
       {"wikiticker-2015-09-12-sampled.json.gz", "as-found-45-rows-misdated.json.gz"}) {
    const auto path = FindDataFile(name);
    if (!path) continue;
    CAPTURE(*path);
    const TemporaryDirectory directory;
    const std::string back =
        Convert(Convert(*path, directory, "there.orb"), directory, "back.jsonl");
    std::string expected;
    const std::string text = ReadDataFile(*path);
    for (size_t begin = 0; begin < text.size(); begin = text.find('\n', begin) + 1) {
      expected += WithTexts(text.substr(begin, text.find('\n', begin) - begin)) + '\n';
    }
    CHECK((ReadAll(back) == expected));
  }
}

TEST_CASE("queries over .orb give the bytes that they give over the text") {
  const auto path = FindDataFile("transactions.csv.zst");
  if (!path) return;
  Plan plan = ParsePlan(kPayments);
  plan.streams[0].format = Format::kCsv;
  const RunResult expected = ReplayFile(plan, *path);
  const TemporaryDirectory directory;
  const std::string texts = Convert(*path, directory, "texts.orb");
  const std::string typed = Convert(*path, directory, "typed.orb", plan.streams[0]);
  plan.streams[0].format = Format::kOrb;
  CHECK(Difference(expected, ReplayFile(plan, texts)) == "");
  CHECK(Difference(expected, ReplayFile(plan, typed)) == "");
}

TEST_SUITE_END();

}  // namespace onrush::realdata
