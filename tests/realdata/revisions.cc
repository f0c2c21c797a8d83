#include "tests/realdata/revisions.h"

#include <sstream>

#include "core/check.h"
#include "tests/realdata/replay.h"

namespace onrush::realdata {
namespace {

struct Line {
  std::string identity;
  std::string measures;
  uint64_t revision = 0;
};

// `{"query":…,"window_start":…,"window_end":…,"revision":3,"page":"/a","count":7}` has the identity
// `{"query":…,"window_start":…,"window_end":…,"page":"/a"`. Requires: no seq.
Line Parse(const std::string& text) {
  constexpr std::string_view kRevision = ",\"revision\":";
  constexpr std::string_view kCount = ",\"count\":";
  const size_t revision = text.find(kRevision);
  ONRUSH_CHECK(revision != std::string::npos);
  const size_t body = text.find(',', revision + 1);
  const bool is_top_k = text.compare(body, 8, ",\"top\":[") == 0;
  const size_t measures = is_top_k ? body : text.find(kCount, body);
  ONRUSH_CHECK(measures != std::string::npos);
  return {text.substr(0, revision) + text.substr(body, measures - body), text.substr(measures + 1),
          std::stoull(text.substr(revision + kRevision.size()))};
}

}  // namespace

Revisions ReadRevisions(std::string_view lines) {
  Revisions revisions;
  std::map<std::string, uint64_t> next;
  std::istringstream stream(WithoutNumbers(lines));
  for (std::string text; std::getline(stream, text);) {
    const Line line = Parse(text);
    std::string& last = revisions.final_results[line.identity];
    if (line.revision != next[line.identity]++ || line.measures == last) {
      revisions.errors += text + '\n';
    }
    if (line.revision > 0) ++revisions.updates;
    last = line.measures;
  }
  return revisions;
}

std::string TextOf(const FinalResults& results) {
  std::string text;
  for (const auto& [identity, measures] : results) text += identity + ' ' + measures + '\n';
  return text;
}

}  // namespace onrush::realdata
