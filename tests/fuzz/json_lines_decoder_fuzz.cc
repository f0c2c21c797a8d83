// Any bytes are decoded without a crash, into the same rows for any size of blocks and batches and
// whatever lines came before.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "core/check.h"
#include "tests/support/decode_all.h"

namespace onrush {
namespace {

StreamPlan MakePlan(uint8_t choice) {
  StreamPlan stream = MakeStream({{"t", {TypeKind::kTimestamp}},
                                  {"s", {}},
                                  {"u.i", {TypeKind::kInt}},
                                  {"u.d.e", {TypeKind::kDecimal, 2}},
                                  {"u.d.f", {TypeKind::kFloat}},
                                  {"b", {TypeKind::kBool}}});
  stream.fields.resize(1 + choice % 6);
  if ((choice & 8) != 0) stream.time_format.kind = TimeFormat::Kind::kRfc3339;
  return stream;
}

// Each line with a decoder that has seen no other; the number of the line is kept by blank ones.
std::vector<std::string> DecodeOneByOne(const StreamPlan& stream, const std::string& text) {
  std::vector<std::string> rows;
  size_t line = 0;
  for (size_t at = text.starts_with("\xEF\xBB\xBF") ? 3 : 0; at < text.size(); ++line) {
    const size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    const std::string alone = std::string(line, '\n') + text.substr(at, end - at);
    // The mark of the first line is gone: what follows it is no second one.
    if (line == 0 && alone.starts_with("\xEF\xBB\xBF")) return {};
    for (std::string& row :
         MustDecodeAll(stream, Format::kJsonLines, {{"f", alone}}, {alone.size() + 1, 8})) {
      rows.push_back(std::move(row));
    }
    at = end;
  }
  return rows;
}

void TestOneInput(const uint8_t* data, size_t size) {
  if (size < 3) return;
  const StreamPlan stream = MakePlan(data[0]);
  const DecodeSizes whole = {size, 64};
  const DecodeSizes sizes = {1 + size_t{data[1]}, 1 + size_t{data[2]} % 8};
  const std::string text(reinterpret_cast<const char*>(data) + 3, size - 3);
  const std::vector<std::string> rows =
      MustDecodeAll(stream, Format::kJsonLines, {{"f", text}}, whole);
  ONRUSH_CHECK(rows == MustDecodeAll(stream, Format::kJsonLines, {{"f", text}}, sizes));
  const std::vector<std::string> alone = DecodeOneByOne(stream, text);
  ONRUSH_CHECK(alone.empty() || alone == rows);
}

}  // namespace
}  // namespace onrush

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  onrush::TestOneInput(data, size);
  return 0;
}
