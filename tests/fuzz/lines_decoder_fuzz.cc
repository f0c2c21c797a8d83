// Any bytes are decoded as logs and as late outputs without a crash, into the same rows for any size
// of blocks and batches; logs into the records that a plain reading of the rules sees.
#include <cstdint>
#include <string>
#include <vector>

#include "core/check.h"
#include "fmt/format.h"
#include "tests/support/decode_all.h"
#include "tests/support/model_records.h"

namespace onrush {
namespace {

// As its first byte says, a stream of one of the formats.
StreamPlan MakePlan(uint8_t choice) {
  StreamPlan stream = MakeStream({{"time", {TypeKind::kTimestamp}},
                                  {"path", {}},
                                  {"status", {TypeKind::kInt}},
                                  {"user", {}},
                                  {"request", {}}});
  stream.fields.resize(1 + choice % 5);
  if ((choice & 8) != 0) stream.time_format.kind = TimeFormat::Kind::kClf;
  stream.format = (choice & 16) != 0   ? Format::kLate
                  : (choice & 32) != 0 ? Format::kCommonLog
                                       : Format::kCombinedLog;
  if ((choice & 64) != 0) stream.raw_format = Format::kCombinedLog;
  return stream;
}

void TestOneInput(const uint8_t* data, size_t size) {
  if (size < 3) return;
  const StreamPlan stream = MakePlan(data[0]);
  const DecodeSizes sizes = {1 + size_t{data[1]}, 1 + size_t{data[2]} % 8};
  const std::string text(reinterpret_cast<const char*>(data) + 3, size - 3);
  const auto rows = MustDecodeAll(stream, *stream.format, {{"f", text}}, {size, 64});
  ONRUSH_CHECK(rows == MustDecodeAll(stream, *stream.format, {{"f", text}}, sizes));
  if (stream.format == Format::kLate) return;
  const std::vector<model::Record> records = model::ReadLog(stream, text);
  ONRUSH_CHECK(rows.size() == records.size());
  for (size_t i = 0; i < records.size(); ++i) {
    ONRUSH_CHECK(rows[i].starts_with(fmt::format("{} ", records[i].line)));
    const bool bad = rows[i].starts_with(fmt::format("{} bad [", records[i].line));
    ONRUSH_CHECK(bad || records[i].reason.empty());
    ONRUSH_CHECK(!bad || rows[i].ends_with(fmt::format("] raw [{}]", records[i].raw)));
  }
}

}  // namespace
}  // namespace onrush

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  onrush::TestOneInput(data, size);
  return 0;
}
