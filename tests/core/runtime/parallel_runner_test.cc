// Shards whose work is uneven, or that meet somebody slow: the same lines, within bounds.
#include "core/runtime/parallel_runner.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/runtime/collector.h"
#include "doctest/doctest.h"
#include "ingest/memory_source.h"
#include "ingest/open.h"
#include "operators/make_operator.h"
#include "tests/support/plan_maker.h"
#include "tests/support/run_engine.h"
#include "tests/support/string_sink.h"

namespace onrush {
namespace {

constexpr uint64_t kSeed = 7;
constexpr size_t kRows = 16;
constexpr size_t kBlockBytes = 512;
constexpr size_t kBlocksInFlight = 4;

// An operator that does something before each call of Process().
class Delayed final : public Operator {
 public:
  Delayed(std::unique_ptr<Operator> inner, std::function<void()> before)
      : inner_(std::move(inner)), before_(std::move(before)) {}

  void Process(const EventBatch& batch, const KeyColumn& keys, std::span<const uint32_t> rows,
               const OperatorOutput& output) override {
    before_();
    inner_->Process(batch, keys, rows, output);
  }
  void OnWatermark(EventTime watermark, uint64_t seq, const OperatorOutput& output) override {
    inner_->OnWatermark(watermark, seq, output);
  }
  void OnEnd(uint64_t events_read, const OperatorOutput& output) override {
    inner_->OnEnd(events_read, output);
  }
  size_t key_count() const override { return inner_->key_count(); }
  size_t memory_bytes() const override { return inner_->memory_bytes(); }

 private:
  std::unique_ptr<Operator> inner_;
  std::function<void()> before_;
};

// A source that does something before each block.
class DelayedSource final : public Source {
 public:
  DelayedSource(std::unique_ptr<Source> inner, std::function<void()> before)
      : inner_(std::move(inner)), before_(std::move(before)) {}

  absl::StatusOr<bool> Next(TextBlock& block) override {
    before_();
    return inner_->Next(block);
  }
  bool may_wait() const override { return inner_->may_wait(); }
  uint64_t bytes_read() const override { return inner_->bytes_read(); }
  uint64_t bytes_total() const override { return inner_->bytes_total(); }

 private:
  std::unique_ptr<Source> inner_;
  std::function<void()> before_;
};

Plan TwoQueries() {
  StreamPlan stream = MakeStream("clicks", TimeFormat::Kind::kUnixSeconds, Seconds(5),
                                 {{"ts", kTimestampType}, {"page", kStringType}});
  TopKPlan top;
  top.k = 3;
  top.by = Count();
  top.window = Hopping(Minutes(2), Minutes(1));
  VelocityPlan velocity;
  velocity.within = Seconds(10);
  velocity.count_over = 3;
  return MakePlan(stream, {MakeQuery("top", {1}, Seconds(0), top),
                           MakeQuery("fast", {1}, Seconds(0), velocity)});
}

// `events` in order of time, four a second; which page is up to `page`.
std::string Clicks(size_t events, const std::function<size_t(size_t)>& page) {
  std::string text;
  for (size_t i = 0; i < events; ++i) {
    text += std::to_string(i / 4) + ",/" + std::to_string(page(i)) + "\n";
  }
  return text;
}

// What slows a run down; each is called on the thread that it names.
struct Delays {
  std::function<void()> source = [] {};
  std::function<void(size_t shard)> shard = [](size_t) {};
  std::function<absl::Status()> sink = [] { return absl::OkStatus(); };
};

struct Outcome {
  absl::Status status;
  std::string results;
  std::atomic<size_t> batches_made = 0;
};

// Puts the parts together as the engine does, with delays in between.
class Assembly {
 public:
  Assembly(Plan plan, size_t shards, Delays delays)
      : plan_(std::move(plan)),
        delays_(std::move(delays)),
        preparer_(plan_, 0, kSeed),
        front_(StreamFront::Create(plan_, 0, preparer_.key_slots()).value()),
        sink_(outcome_.results),
        collector_(&sink_, Mergers()) {
    for (size_t i = 0; i < shards; ++i) shards_.push_back(MakeShard(i));
  }

  const Outcome& Run(const std::string& text, WaitStrategy wait) {
    BlockOptions blocks;
    blocks.block_bytes = kBlockBytes;
    DelayedSource source(
        MemorySource::Create({{"clicks", text}}, Format::kCsv, ',', blocks).value(),
        delays_.source);
    ParallelOptions options;
    options.blocks_in_flight = kBlocksInFlight;
    options.wait = wait;
    const auto make_job = [this] {
      return std::make_unique<BlockJob>(BatchPreparer(plan_, 0, kSeed),
                                        MakeDecoder(plan_.streams[0], Format::kCsv).value());
    };
    ParallelRunner runner(
        *front_, shards_, make_job, [this] { return NewBatch(); }, Hooks(), options);
    outcome_.status = runner.Run(source);
    return outcome_;
  }

 private:
  std::vector<std::unique_ptr<Merger>> Mergers() const {
    std::vector<std::unique_ptr<Merger>> mergers;
    for (uint32_t query = 0; query < plan_.queries.size(); ++query) {
      mergers.push_back(MakeMerger(plan_, query).value());
    }
    return mergers;
  }
  Shard MakeShard(size_t index) {
    std::vector<std::unique_ptr<Operator>> operators;
    for (uint32_t query = 0; query < plan_.queries.size(); ++query) {
      operators.push_back(std::make_unique<Delayed>(MakeOperator(plan_, query, kSeed).value(),
                                                    [this, index] { delays_.shard(index); }));
    }
    return Shard(plan_, index, std::move(operators), preparer_.key_slots());
  }
  std::unique_ptr<PreparedBatch> NewBatch() {
    ++outcome_.batches_made;
    auto batch = std::make_unique<PreparedBatch>(preparer_.NewBatch(kRows, shards_.size()));
    collector_.Equip(*batch);
    return batch;
  }
  BatchHooks Hooks() {
    BatchHooks hooks;
    hooks.decoded = [](const EventBatch&) { return absl::OkStatus(); };
    hooks.collect = [this](PreparedBatch& batch) {
      const absl::Status status = delays_.sink();
      return status.ok() ? collector_.Collect(batch) : status;
    };
    return hooks;
  }

  const Plan plan_;
  const Delays delays_;
  const BatchPreparer preparer_;
  std::unique_ptr<StreamFront> front_;
  std::vector<Shard> shards_;
  Outcome outcome_;
  StringSink sink_;
  Collector collector_;
};

// Runs with some delays, and checks what must hold in spite of them.
void CheckRun(const std::string& text, const Delays& delays) {
  const std::string expected = RunEngine(TwoQueries(), {0, "clicks", text}).results;
  REQUIRE(expected.size() > 1000);
  for (const WaitStrategy wait : {WaitStrategy::kPark, WaitStrategy::kYield, WaitStrategy::kSpin}) {
    CAPTURE(static_cast<int>(wait));
    Assembly assembly(TwoQueries(), 4, delays);
    const Outcome& outcome = assembly.Run(text, wait);
    CHECK(outcome.status.ok());
    CHECK(outcome.results == expected);
    // However long the input is: what the blocks in flight may hold, of lines of 4 bytes at least.
    CHECK(outcome.batches_made <= kBlocksInFlight * (kBlockBytes / 4 / kRows + 1));
  }
}

// Sleeps the first time it is called.
std::function<void()> StallOnce(std::chrono::milliseconds stall) {
  const auto stalled = std::make_shared<std::atomic<bool>>(false);
  return [=] {
    if (!stalled->exchange(true)) std::this_thread::sleep_for(stall);
  };
}

// Sleeps a little, every 64th time.
std::function<void()> OftenSlow() {
  const auto calls = std::make_shared<std::atomic<int>>(0);
  return [=] {
    if (++*calls % 64 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  };
}

constexpr size_t kEvents = 20'000;
const auto kManyPages = [](size_t event) { return event * 2654435761u % 97 % 23; };

TEST_SUITE_BEGIN("core/runtime/parallel_runner");

TEST_CASE("one hot key: the other shards are idle") {
  CheckRun(Clicks(kEvents, [](size_t) { return 1; }), {});
}

TEST_CASE("one hot key among others") {
  CheckRun(Clicks(kEvents, [](size_t event) { return event % 10 == 0 ? event % 23 : 1; }), {});
}

TEST_CASE("one shard is stalled for a second") {
  Delays delays;
  delays.shard = [stall = StallOnce(std::chrono::seconds(1))](size_t shard) {
    if (shard == 1) stall();
  };
  CheckRun(Clicks(kEvents, kManyPages), delays);
}

TEST_CASE("one shard is slower than the others") {
  Delays delays;
  delays.shard = [slow = OftenSlow()](size_t shard) {
    if (shard == 2) slow();
  };
  CheckRun(Clicks(kEvents, kManyPages), delays);
}

TEST_CASE("a slow sink") {
  Delays delays;
  delays.sink = [slow = OftenSlow()] {
    slow();
    return absl::OkStatus();
  };
  CheckRun(Clicks(kEvents, kManyPages), delays);
}

TEST_CASE("a slow source") {
  Delays delays;
  delays.source = OftenSlow();
  CheckRun(Clicks(kEvents, kManyPages), delays);
}

TEST_CASE("an error ends the run while a shard is at work and others sleep") {
  Delays delays;
  delays.shard = [slow = OftenSlow()](size_t shard) {
    if (shard == 3) slow();
  };
  for (int good_writes = 0; good_writes < 40; good_writes += 3) {
    delays.sink = [writes = std::make_shared<int>(0), good_writes] {
      return ++*writes > good_writes ? absl::ResourceExhaustedError("full") : absl::OkStatus();
    };
    Assembly assembly(TwoQueries(), 4, delays);
    const Outcome& outcome = assembly.Run(Clicks(kEvents, kManyPages), WaitStrategy::kPark);
    CHECK(outcome.status == absl::ResourceExhaustedError("full"));
  }
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
