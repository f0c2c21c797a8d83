// What was converted to .orb is replayed as its text was.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "core/block/file_index.h"
#include "core/used_columns.h"
#include "doctest/doctest.h"
#include "ingest/open.h"
#include "tests/support/orb_file.h"
#include "tests/support/plan_text.h"
#include "tests/support/random_case.h"
#include "tests/support/run_engine.h"
#include "tests/support/temporary_directory.h"

namespace onrush {
namespace {

constexpr uint64_t kCases = 300;

// Lines without sequence numbers and records: bad events have a number in the text and are not in
// the blocks, and records are written in another way.
std::string Comparable(const std::string& lines) {
  std::string out;
  for (size_t begin = 0; begin < lines.size();) {
    const size_t end = lines.find('\n', begin);
    std::string line = lines.substr(begin, end - begin);
    begin = end + 1;
    line = line.substr(0, line.find(",\"raw"));
    for (const std::string member : {",\"seq\":", ",\"event_seq\":"}) {
      const size_t at = line.find(member);
      if (at != line.npos) line.erase(at, line.find_first_of(",}", at + 1) - at);
    }
    out += line + '\n';
  }
  return out;
}

RunResult RunFile(const Plan& plan, const std::string& file, uint64_t seed,
                  bool side_outputs = true) {
  const TemporaryDirectory directory;
  StreamPlan stream = plan.streams[0];
  if (!side_outputs) {  // as the engine has it
    const std::vector<bool> used = UsedColumns(plan, 0);
    for (size_t i = 0; i < stream.fields.size(); ++i) stream.fields[i].unused = !used[i];
    stream.records_unused = true;
  }
  const auto source = OpenFiles({directory.Write("f.orb", file)}, stream, Format::kOrb);
  REQUIRE(source.ok());
  return RunEngine(plan, **source, Format::kOrb,
                   {.batch_rows = 1 + seed % 9, .shards = seed % 4, .side_outputs = side_outputs});
}

void CheckSame(const RunResult& expected, const RunResult& actual, size_t bad) {
  CHECK(Comparable(actual.results) == Comparable(expected.results));
  CHECK(Comparable(actual.late) == Comparable(expected.late));
  CHECK(actual.queries == expected.queries);
  CHECK(actual.streams[0].read + bad == expected.streams[0].read);
  CHECK(actual.streams[0].bad + bad == expected.streams[0].bad);
}

// Calls check(seed, case, the case's input as an .orb file).
template <typename CheckFn>
void ForEachCase(CheckFn check) {
  for (uint64_t seed = 0; seed < kCases; ++seed) {
    const RandomCase random_case = MakeRandomCase(seed);
    INFO("seed " << seed);
    INFO(PlanText(random_case.plan));
    check(seed, random_case,
          ConvertText(random_case.plan.streams[0], random_case.input, 1 + seed % 60));
  }
}

}  // namespace

TEST_SUITE_BEGIN("property/orb_input");

TEST_CASE("an .orb file gives what its text gave") {
  ForEachCase([](uint64_t seed, const RandomCase& random_case, const ConvertedText& converted) {
    const RunResult expected = RunEngine(random_case.plan, random_case.input);
    CheckSame(expected, RunFile(random_case.plan, converted.file, seed), converted.bad);
  });
}

TEST_CASE("where no records are asked for, columns that are not read make no difference") {
  ForEachCase([](uint64_t seed, const RandomCase& random_case, const ConvertedText& converted) {
    const RunResult expected = RunFile(random_case.plan, converted.file, seed);
    RunResult actual = RunFile(random_case.plan, converted.file, seed, false);
    CHECK(actual.results == expected.results);
    CHECK(actual.late.empty());
    CHECK(actual.queries == expected.queries);
    CHECK(actual.streams[0].read == expected.streams[0].read);
    CHECK(actual.streams[0].bad == expected.streams[0].bad);
  });
}

TEST_CASE("a range of time gives the same of both") {
  uint64_t compared = 0;
  for (uint64_t seed = 0; seed < kCases; ++seed) {
    RandomSource random(seed);
    RandomCase random_case = MakeRandomCase(seed);
    StreamPlan& stream = random_case.plan.streams[0];
    const ConvertedText converted = ConvertText(stream, random_case.input, 1 + seed % 20);
    const std::string_view file = converted.file;
    const auto index =
        ReadIndex(file.substr(*ReadTrailer(file.substr(file.size() - kTrailerSize))));
    REQUIRE(index.ok());
    const BlockEntry first = random.Pick(index->blocks), last = random.Pick(index->blocks);
    if (!first.has_times || first.min_time >= last.max_time) continue;
    ++compared;
    if (random.Percent(80)) stream.replay_from = EventTime{first.min_time};
    if (random.Percent(80)) stream.replay_until = EventTime{last.max_time};
    INFO("seed " << seed);
    INFO(PlanText(random_case.plan));
    const RunResult expected = RunEngine(random_case.plan, random_case.input,
                                         {.batch_rows = 1 + seed % 7, .shards = seed % 3});
    CheckSame(expected, RunFile(random_case.plan, converted.file, seed), converted.bad);
  }
  CHECK(compared > kCases / 3);
}

TEST_SUITE_END();

}  // namespace onrush
