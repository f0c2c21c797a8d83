// What was acknowledged is there after a loss of power, whatever the medium made of the rest.
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "doctest/doctest.h"
#include "fmt/format.h"
#include "ingest/recording/recorder.h"
#include "tests/support/faulty_directory.h"
#include "tests/support/random_source.h"
#include "tests/support/recordings.h"
#include "tests/support/temporary_directory.h"

namespace onrush {
namespace {

using Fault = FaultyDirectory::Fault;

// A datagram of one to three lines.
std::string Datagram(uint64_t number) {
  std::string text;
  for (uint64_t line = 0; line <= number % 3; ++line) text += fmt::format("{},{}\n", number, line);
  return text;
}

std::string Datagrams(uint64_t count) {
  std::string text;
  for (uint64_t i = 0; i < count; ++i) text += Datagram(i);
  return text;
}

struct Attempt {
  uint64_t appended = 0;  // rows, those of earlier attempts included
  uint64_t safe = 0;      // rows that were told to be safe
  absl::Status status;
};

// Records datagrams, from the first that is not there on, until the medium fails or there are
// `most`.
Attempt Record(std::unique_ptr<FaultyDirectory> directory, const RecorderOptions& options,
               uint64_t most, RandomSource& random) {
  Attempt attempt;
  auto recorder = Recorder::Open(std::move(directory), LineStream(), Format::kCsv, options,
                                 [&attempt](uint64_t rows) { attempt.safe = rows; });
  if (!recorder.ok()) {
    attempt.status = recorder.status();
    return attempt;
  }
  for (uint64_t row = (*recorder)->rows(); attempt.status.ok() && row < most; ++row) {
    const std::string bytes = Datagram(row) + std::string(TextBlock::kPadding, '\0');
    TextBlock block;
    block.arrivals.push_back({ArrivalKind::kRecords,
                              {bytes.data(), bytes.size() - TextBlock::kPadding},
                              "test",
                              static_cast<int64_t>(row),
                              row});
    attempt.status = (*recorder)->Append(block);
    if (attempt.status.ok() && random.Percent(40)) attempt.status = (*recorder)->HandOver();
    if (attempt.status.ok() && random.Percent(20)) attempt.status = (*recorder)->Wait();
  }
  attempt.appended = (*recorder)->rows();
  if (attempt.status.ok()) attempt.status = (*recorder)->Close(std::nullopt);
  recorder->reset();
  return attempt;
}

RecorderOptions Options(SyncPolicy::Kind kind, RandomSource& random) {
  RecorderOptions options;
  options.sync = {kind, Duration{random.Between(1, 3'000'000)}};
  options.block_bytes = static_cast<size_t>(random.Between(1, 300));
  options.segments.segment_bytes = static_cast<uint64_t>(random.Between(400, 4000));
  options.zstd_level = random.Percent(20) ? 1 : 0;
  return options;
}

// What is left begins with what was safe, is nothing else than what was recorded, and is no damage.
void CheckWhatIsLeft(const FaultyDirectory::Files& files, uint64_t safe, uint64_t most) {
  if (files.empty()) {
    CHECK(safe == 0);
    return;
  }
  const TemporaryDirectory after;
  for (const auto& [name, bytes] : files) after.Write(name, bytes);
  const auto content = ReadRecording(after.path(), "events");
  REQUIRE_MESSAGE(content.ok(), content.status().ToString());
  CHECK(content->bytes.starts_with(Datagrams(safe)));
  CHECK(Datagrams(most).starts_with(content->bytes));
}

// Records, loses the power, and goes on with what is left, several times over.
void CheckPowerCuts(uint64_t seed, SyncPolicy::Kind kind) {
  INFO("seed " << seed);
  RandomSource random(seed);
  FaultyDirectory::Files files;
  uint64_t safe = 0;
  for (int cut = 0; cut < 4; ++cut) {
    const TemporaryDirectory directory;
    for (const auto& [name, bytes] : files) directory.Write(name, bytes);
    auto faulty =
        std::make_unique<FaultyDirectory>(directory.path(), Fault::kPower, random.Below(60));
    const auto state = faulty->state();
    const Attempt attempt =
        Record(std::move(faulty), Options(kind, random), 20 * (cut + 1), random);
    REQUIRE_MESSAGE(attempt.status.code() != absl::StatusCode::kDataLoss,
                    attempt.status.ToString());
    safe = std::max(safe, attempt.safe);
    files = FaultyDirectory::AfterPowerCut(*state, random);
    CheckWhatIsLeft(files, safe, 20 * (cut + 1));
  }
}

// Records, is killed, goes on with what is there, and loses the power, mostly soon: while the end
// of the run before is taken up.
void CheckKillsAndPowerCut(uint64_t seed, SyncPolicy::Kind kind) {
  INFO("seed " << seed);
  RandomSource random(seed);
  const TemporaryDirectory directory;
  auto state = std::make_shared<const FaultyDirectory::State>();
  uint64_t safe = 0;
  for (int run = 1; run <= 3; ++run) {
    auto medium = std::make_unique<FaultyDirectory>(directory.path(), Fault::kPower,
                                                    random.Below(run < 3 ? 60 : 15), *state);
    state = medium->state();
    const Attempt attempt = Record(std::move(medium), Options(kind, random), 20 * run, random);
    REQUIRE_MESSAGE(attempt.status.code() != absl::StatusCode::kDataLoss,
                    attempt.status.ToString());
    safe = std::max(safe, attempt.safe);
  }
  CheckWhatIsLeft(FaultyDirectory::AfterPowerCut(*state, random), safe, 60);
}

}  // namespace

TEST_SUITE_BEGIN("ingest/recording/power_cut");

TEST_CASE("with --sync each every acknowledged row is there, none twice, and it replays") {
  for (uint64_t seed = 0; seed < 200; ++seed) CheckPowerCuts(seed, SyncPolicy::Kind::kEach);
}

TEST_CASE("with --sync interval too") {
  for (uint64_t seed = 0; seed < 100; ++seed) CheckPowerCuts(seed, SyncPolicy::Kind::kInterval);
}

TEST_CASE(
    "the power is lost while, or after, a killed writer's end is taken up, with --sync each") {
  for (uint64_t seed = 0; seed < 100; ++seed) CheckKillsAndPowerCut(seed, SyncPolicy::Kind::kEach);
}

TEST_CASE(
    "the power is lost while, or after, a killed writer's end is taken up, with an interval") {
  for (uint64_t seed = 0; seed < 100; ++seed) {
    CheckKillsAndPowerCut(seed, SyncPolicy::Kind::kInterval);
  }
}

TEST_CASE("a sync that failed is not tried again, and nothing becomes safe after it") {
  for (uint64_t fails_at = 0; fails_at < 30; ++fails_at) {
    const TemporaryDirectory directory;
    auto faulty = std::make_unique<FaultyDirectory>(directory.path(), Fault::kSync, fails_at);
    const auto state = faulty->state();
    RandomSource random(fails_at);
    RecorderOptions options;
    options.sync.kind = SyncPolicy::Kind::kEach;
    options.block_bytes = 1;
    const Attempt attempt = Record(std::move(faulty), options, 50, random);
    CHECK(attempt.status.code() == absl::StatusCode::kUnavailable);
    CHECK(std::string(attempt.status.message()) == "cannot sync");
    CHECK(state->failures == 1);
    std::string synced;
    CHECK(attempt.safe <= fails_at);
  }
}

TEST_CASE("on a full medium what is whole stays, and is all that is acknowledged") {
  for (uint64_t fails_at = 1; fails_at < 40; ++fails_at) {
    const TemporaryDirectory directory;
    RandomSource random(fails_at);
    RecorderOptions options;
    options.sync.kind = SyncPolicy::Kind::kEach;
    options.segments.segment_bytes = 1000;
    const Attempt attempt =
        Record(std::make_unique<FaultyDirectory>(directory.path(), Fault::kFull, fails_at), options,
               500, random);
    REQUIRE(attempt.status.code() == absl::StatusCode::kUnavailable);
    if (std::filesystem::is_empty(directory.path())) continue;
    const auto content = ReadRecording(directory.path(), "events");
    REQUIRE_MESSAGE(content.ok(), content.status().ToString());
    CHECK(content->bytes.starts_with(Datagrams(attempt.safe)));
    CHECK(Datagrams(500).starts_with(content->bytes));
  }
}

TEST_SUITE_END();

}  // namespace onrush
