#include "tests/realdata/replay.h"

#include <algorithm>
#include <array>

#include "doctest/doctest.h"
#include "fmt/format.h"
#include "ingest/open.h"
#include "tests/support/compare_results.h"
#include "tests/support/string_sink.h"
#include "tools/engine/engine.h"
#include "tools/engine/pipeline_file.h"

namespace onrush::realdata {
namespace {

// Calls `take(line)` with each line, its end included.
template <typename Take>
void ForEachLine(std::string_view text, const Take& take) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    take(text.substr(0, end));
    text.remove_prefix(end);
  }
}

void Book(const Ledger& ledger, RunResult& result) {
  for (const StreamLedger& stream : ledger.streams) {
    result.streams.push_back({stream.read, stream.bad});
  }
  for (const QueryLedger& query : ledger.queries) {
    result.queries.push_back({query.counted, query.late, query.partly_late, query.skipped_null_key,
                              query.filtered, query.rejected});
  }
}

RunResult ReplayOnce(const Plan& plan, const std::string& path, size_t shards) {
  RunResult result;
  StringSink results(result.results), late(result.late), bad(result.bad);
  EngineOptions options;
  options.shards = shards;
  auto engine = Engine::Create(plan, options, {&results, &late, &bad});
  REQUIRE_MESSAGE(engine.ok(), engine.status().ToString());
  const StreamPlan& stream = plan.streams[0];
  BlockOptions blocks;
  if (shards > 0) blocks.block_bytes = size_t{1} << (12 + 2 * shards);
  auto source = OpenFiles({path}, stream, *stream.format, blocks);
  REQUIRE_MESSAGE(source.ok(), source.status().ToString());
  const absl::Status status = (*engine)->Run(**source, *stream.format);
  REQUIRE_MESSAGE(status.ok(), status.ToString());
  Book((*engine)->ledger(), result);
  return result;
}

}  // namespace

Plan ParsePlan(std::string_view pipeline) {
  const absl::StatusOr<Plan> plan = ParsePipeline(pipeline, "realdata.toml");
  REQUIRE_MESSAGE(plan.ok(), plan.status().ToString());
  return *plan;
}

RunResult ReplayFile(const Plan& plan, const std::string& path) {
  const RunResult result = ReplayOnce(plan, path, 0);
  for (size_t shards = 1; shards <= 4; ++shards) {
    CAPTURE(shards);
    CHECK(Difference(result, ReplayOnce(plan, path, shards)) == "");
  }
  return result;
}

RunResult ReplayInManyWays(const Plan& plan, const std::string& file, std::string_view text) {
  const InputText input = {0, file, std::string(text)};
  const RunResult whole = RunEngine(plan, input, {1 << 20, 64 << 20});
  constexpr std::array<EngineSettings, 6> kSettings = {{{1, 700},
                                                        {7, 5'000, 1},
                                                        {256, 1 << 16, 2},
                                                        {64, 10'000, 3},
                                                        {1024, 1 << 15, 4},
                                                        {1024, 1 << 19}}};
  for (const EngineSettings& settings : kSettings) {
    CAPTURE(settings.batch_rows);
    CAPTURE(settings.block_bytes);
    CAPTURE(settings.shards);
    CHECK(Difference(whole, RunEngine(plan, input, settings)) == "");
  }
  return whole;
}

std::string LinesOf(std::string_view results, std::string_view query) {
  const std::string begin = fmt::format("{{\"query\":\"{}\",", query);
  std::string lines;
  ForEachLine(results, [&](std::string_view line) {
    if (line.starts_with(begin)) lines += line;
  });
  return lines;
}

std::string WithoutNumbers(std::string_view results) {
  std::string lines;
  ForEachLine(results, [&](std::string_view whole_line) {
    std::string line(whole_line);
    for (const std::string_view member : {",\"seq\":", ",\"event_seq\":"}) {
      const size_t begin = line.find(member);
      if (begin != std::string::npos) line.erase(begin, line.find(',', begin + 1) - begin);
    }
    lines += line;
  });
  return lines;
}

std::string Difference(const RunResult& expected, const RunResult& actual) {
  return FirstDifference(expected, actual);
}

std::string Difference(std::string_view expected, std::string_view actual) {
  if (expected == actual) return "";
  RunResult left, right;
  left.results = expected;
  right.results = actual;
  return FirstDifference(left, right);
}

void CheckBalance(const RunResult& result) {
  for (const RunResult::QueryLedger& query : result.queries) {
    CHECK(result.streams[0].read == result.streams[0].bad + query.filtered +
                                        query.skipped_null_key + query.rejected + query.late +
                                        query.counted);
    CHECK(query.partly_late <= query.counted);
  }
}

}  // namespace onrush::realdata
