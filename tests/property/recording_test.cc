// A recording gives the lines of the run that was recorded.
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "ingest/memory_source.h"
#include "ingest/recording/recording_source.h"
#include "tests/support/compare_results.h"
#include "tests/support/model_records.h"
#include "tests/support/plan_text.h"
#include "tests/support/random_case.h"
#include "tests/support/recordings.h"
#include "tests/support/run_engine.h"
#include "tests/support/temporary_directory.h"

namespace onrush {
namespace {

constexpr uint64_t kCases = 200;

RecorderOptions Options(uint64_t seed) {
  RecorderOptions options;
  options.sync.kind = SyncPolicy::Kind::kNone;
  options.block_bytes = 1 + seed * 37 % 5000;
  options.segments.segment_bytes = 1000 + seed * 131 % 20000;
  options.zstd_level = seed % 5 == 0 ? 1 : 0;
  return options;
}

RunResult Replay(const Plan& plan, const std::string& directory, uint64_t seed) {
  const auto source = RecordingSource::Open(directory, plan.streams[0].name, {});
  REQUIRE(source.ok());
  return RunEngine(plan, **source, Format::kArrivals,
                   {.batch_rows = 1 + seed % 9, .shards = seed % 5});
}

void CheckSame(const RunResult& expected, const RunResult& actual) {
  CHECK(actual.results == expected.results);
  CHECK(actual.late == expected.late);
  CHECK(actual.bad == expected.bad);
  CHECK(actual.queries == expected.queries);
  CHECK(actual.streams == expected.streams);
}

// The records of a text as datagrams of one or some lines, the last of them perhaps without its
// newline, in blocks of some datagrams.
std::vector<std::vector<ReceivedText>> AsDatagrams(const StreamPlan& stream, const InputText& input,
                                                   RandomSource& random) {
  std::vector<std::vector<ReceivedText>> blocks;
  uint64_t line = 1;
  for (const model::Record& record : model::ReadRecords(stream, input)) {
    if (blocks.empty() || random.Percent(20)) blocks.emplace_back();
    if (blocks.back().empty() || random.Percent(50)) {
      blocks.back().push_back({.sender = random.Percent(50) ? "a" : "b",
                               .arrived_ns = static_cast<int64_t>(line),
                               .line = line});
    }
    blocks.back().back().bytes += record.raw + "\n";
    ++line;
  }
  for (auto& block : blocks) {
    for (ReceivedText& text : block) {
      if (random.Percent(50)) text.bytes.pop_back();
    }
  }
  return blocks;
}

// The same, with the format that its made-up texts have.
Plan WithFormat(Plan plan) {
  StreamPlan& stream = plan.streams[0];
  stream.format = stream.format.value_or(Format::kCsv);
  return plan;
}

// Its records do not stand alone, so they are no datagrams.
bool HasHeader(const StreamPlan& stream) { return stream.format == Format::kCsv && stream.header; }

// The first datagrams, which have so many bytes together.
std::vector<std::vector<ReceivedText>> FirstBytes(std::vector<std::vector<ReceivedText>> blocks,
                                                  size_t bytes) {
  for (auto& block : blocks) {
    size_t count = 0;
    for (; count < block.size() && bytes >= block[count].bytes.size(); ++count) {
      bytes -= block[count].bytes.size();
    }
    if (count < block.size()) {
      CHECK(bytes == 0);  // no datagram is kept in part
      block.resize(count);
    }
  }
  return blocks;
}

}  // namespace

TEST_SUITE_BEGIN("property/recording");

TEST_CASE("a recorded file gives what the file gave") {
  for (uint64_t seed = 0; seed < kCases; ++seed) {
    const RandomCase random_case = MakeRandomCase(seed);
    const StreamPlan& stream = random_case.plan.streams[0];
    const Format format = stream.format.value_or(Format::kCsv);
    INFO("seed " << seed);
    INFO(PlanText(random_case.plan));
    const InputText& input = random_case.input;
    BlockOptions blocks;
    blocks.block_bytes = 30 + seed * 17 % 3000;
    const auto source =
        MemorySource::Create({{input.file, input.text}}, format, stream.delimiter, blocks);
    REQUIRE(source.ok());
    const TemporaryDirectory directory;
    REQUIRE(RecordSource(**source, stream, format, directory.path(), Options(seed)).ok());
    Plan plan = random_case.plan;
    plan.streams[0].format = format;
    CheckSame(RunEngine(random_case.plan, input), Replay(plan, directory.path(), seed));
  }
}

TEST_CASE("datagrams give what their records gave, live and recorded, at any number of shards") {
  uint64_t compared = 0;
  for (uint64_t seed = 0; seed < kCases; ++seed) {
    const RandomCase random_case = MakeRandomCase(seed);
    Plan plan = WithFormat(random_case.plan);
    StreamPlan& stream = plan.streams[0];
    if (HasHeader(stream)) continue;
    ++compared;
    INFO("seed " << seed);
    INFO(PlanText(plan));
    RandomSource random(seed);
    const auto datagrams = AsDatagrams(stream, random_case.input, random);
    const bool ends = random.Percent(70);
    ReceivedSource live(datagrams, ends);
    const RunResult expected = RunEngine(plan, live, Format::kArrivals, {});
    if (ends) {
      const RunResult of_file = RunEngine(random_case.plan, random_case.input);
      CHECK(expected.results == of_file.results);
      CHECK(expected.late == of_file.late);
      CHECK(expected.queries == of_file.queries);
    }
    ReceivedSource again(datagrams, ends);
    const TemporaryDirectory directory;
    REQUIRE(RecordSource(again, stream, *stream.format, directory.path(), Options(seed)).ok());
    if (datagrams.empty()) continue;
    CheckSame(expected, Replay(plan, directory.path(), seed));
  }
  CHECK(compared > kCases / 4);
}

TEST_CASE("a recording of packed lines that is cut anywhere gives the lines of what is left") {
  uint64_t cuts = 0;
  for (uint64_t seed = 0; seed < kCases; ++seed) {
    const RandomCase random_case = MakeRandomCase(seed);
    Plan plan = WithFormat(random_case.plan);
    StreamPlan& stream = plan.streams[0];
    if (HasHeader(stream)) continue;
    INFO("seed " << seed);
    RandomSource random(seed);
    const auto datagrams = AsDatagrams(stream, random_case.input, random);
    if (datagrams.empty()) continue;
    ReceivedSource source(datagrams, false);
    const TemporaryDirectory directory;
    REQUIRE(RecordSource(source, stream, *stream.format, directory.path(), Options(seed)).ok());
    const auto segments = ListSegments(directory.path());
    REQUIRE(segments.ok());
    const Segment last = segments->back();
    std::filesystem::resize_file(SegmentPath(directory.path(), last.first_row),
                                 random.Below(last.bytes));
    const auto content = ReadRecording(directory.path(), stream.name);
    REQUIRE_MESSAGE(content.ok(), content.status().ToString());
    ReceivedSource rest(FirstBytes(datagrams, content->bytes.size()), false);
    CheckSame(RunEngine(plan, rest, Format::kArrivals, {}), Replay(plan, directory.path(), seed));
    ++cuts;
  }
  CHECK(cuts > kCases / 4);
}

TEST_SUITE_END();

}  // namespace onrush
