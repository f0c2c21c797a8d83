#include "tests/realdata/late_lines.h"

#include "fmt/format.h"
#include "tests/realdata/utc_text.h"

namespace onrush::realdata {
namespace {

// As a JSON string. Requires: no control characters.
std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

WindowShare ShareOf(int64_t time, std::optional<int64_t> watermark, int64_t size, int64_t slide,
                    int64_t lateness) {
  WindowShare share;
  for (int64_t start = time / slide * slide; start + size > time; start -= slide) {
    const bool closed = watermark && *watermark >= start + size + lateness;
    if (closed) {
      ++share.missed;
    } else {
      share.open.push_back(start);
    }
  }
  return share;
}

bool IsLateForVelocity(int64_t time, std::optional<int64_t> watermark, int64_t lateness) {
  return watermark && time + lateness < *watermark;
}

std::string LateLine(std::string_view stream, uint64_t seq, int64_t time, int64_t watermark,
                     const std::vector<Missed>& queries, std::string_view raw) {
  std::string list;
  for (const Missed& query : queries) {
    if (!list.empty()) list += ',';
    list += fmt::format(R"({{"query":"{}","missed":{},"counted":{}}})", query.query, query.missed,
                        query.counted);
  }
  return fmt::format(
      R"({{"stream":"{}","seq":{},"time":"{}","watermark":"{}","late_by_ms":{},"queries":[{}],)"
      R"("raw":{}}})"
      "\n",
      stream, seq, UtcText(time), UtcText(watermark), watermark - time, list, Quoted(raw));
}

}  // namespace onrush::realdata
