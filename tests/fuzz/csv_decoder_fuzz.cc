// Any bytes are decoded without a crash, into the same rows for any size of blocks and batches, and
// into the records that a plain reading of the rules sees.
#include <cstdint>
#include <string>
#include <vector>

#include "core/check.h"
#include "fmt/format.h"
#include "tests/support/decode_all.h"
#include "tests/support/model_records.h"

namespace onrush {
namespace {

StreamPlan MakePlan(uint8_t choice) {
  StreamPlan stream = MakeStream({{"t", {TypeKind::kTimestamp}},
                                  {"s", {}},
                                  {"i", {TypeKind::kInt}},
                                  {"d", {TypeKind::kDecimal, 2}},
                                  {"f", {TypeKind::kFloat}},
                                  {"b", {TypeKind::kBool}}});
  stream.fields.resize(1 + choice % 6);
  stream.header = (choice & 8) != 0;
  stream.delimiter = (choice & 16) != 0 ? ';' : ',';
  constexpr TimeFormat::Kind kKinds[] = {TimeFormat::Kind::kUnixSeconds, TimeFormat::Kind::kRfc3339,
                                         TimeFormat::Kind::kClf, TimeFormat::Kind::kPattern};
  stream.time_format.kind = kKinds[choice >> 6];
  stream.time_format.pattern = "%Y-%m-%d %H:%M:%S";
  stream.time_format.time_zone = "Europe/London";
  return stream;
}

void TestOneInput(const uint8_t* data, size_t size) {
  if (size < 3) return;
  const StreamPlan stream = MakePlan(data[0]);
  const DecodeSizes whole = {size, 64};
  const DecodeSizes sizes = {1 + size_t{data[1]}, 1 + size_t{data[2]} % 8};
  const std::string text(reinterpret_cast<const char*>(data) + 3, size - 3);
  const auto rows = DecodeAll(stream, Format::kCsv, {{"f", text}}, whole);
  const auto cut_rows = DecodeAll(stream, Format::kCsv, {{"f", text}}, sizes);
  ONRUSH_CHECK(rows.ok() == cut_rows.ok());
  if (!rows.ok()) {
    ONRUSH_CHECK(rows.status() == cut_rows.status());
    return;
  }
  ONRUSH_CHECK(*rows == *cut_rows);
  const std::vector<model::Record> records = model::ReadCsv(stream, text);
  ONRUSH_CHECK(rows->size() == records.size());
  for (size_t i = 0; i < records.size(); ++i) {
    const std::string& row = (*rows)[i];
    ONRUSH_CHECK(row.starts_with(fmt::format("{} ", records[i].line)));
    const bool bad = row.starts_with(fmt::format("{} bad [", records[i].line));
    ONRUSH_CHECK(bad || records[i].reason.empty());
    ONRUSH_CHECK(!bad || row.ends_with(fmt::format("] raw [{}]", records[i].raw)));
  }
}

}  // namespace
}  // namespace onrush

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  onrush::TestOneInput(data, size);
  return 0;
}
