// What the operators cost per event: batches in memory, only the work of the shard timed.
//
// Each bench first checks that the engine's parts counted what a plain map counts.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "bench/measure.h"
#include "benchmark/benchmark.h"
#include "core/runtime/batch_preparer.h"
#include "core/runtime/collector.h"
#include "core/runtime/shard.h"
#include "core/runtime/stream_front.h"
#include "operators/key_table.h"
#include "operators/make_operator.h"

namespace onrush {
namespace {

constexpr size_t kBatchRows = 1024;
constexpr int64_t kStartNs = 1'700'000'000 * kNanosPerSecond;
constexpr uint64_t kSeed = 42;

// Columns: ts, key (string), value (string), amount (int).
StreamPlan MakeStream() {
  StreamPlan stream;
  stream.name = "events";
  stream.max_out_of_orderness = Duration{5 * kNanosPerSecond};
  stream.fields = {{"ts", {TypeKind::kTimestamp}},
                   {"key", {TypeKind::kString}},
                   {"value", {TypeKind::kString}},
                   {"amount", {TypeKind::kInt}}};
  return stream;
}

Plan MakePlan(decltype(QueryPlan::kind) kind) {
  Plan plan;
  plan.streams.push_back(MakeStream());
  QueryPlan query;
  query.name = "q";
  query.key = {1};
  query.kind = std::move(kind);
  plan.queries.push_back(std::move(query));
  return plan;
}

TopKPlan TopTen() {
  TopKPlan top_k;
  top_k.window.size = Duration{300 * kNanosPerSecond};
  top_k.window.slide = Duration{60 * kNanosPerSecond};
  top_k.k = 10;
  top_k.by.name = "count";
  return top_k;
}

VelocityPlan MoreThanThreeInTwoMinutes() {
  VelocityPlan velocity;
  velocity.within = Duration{120 * kNanosPerSecond};
  velocity.count_over = 3;
  velocity.distinct = VelocityPlan::Distinct{2, 2};
  return velocity;
}

AggregatePlan RunningSum() {
  AggregatePlan aggregate;
  aggregate.compute.push_back({MeasurePlan::Kind::kSum, 3, "sum_amount"});
  aggregate.emit = AggregatePlan::Emit::kFinal;
  return aggregate;
}

// A stream that goes on as long as asked: batch after batch, the texts of keys prepared.
class Feed {
 public:
  // `rate`: events a second of event time.
  Feed(const Plan& plan, size_t keys, int64_t rate)
      : step_ns_(kNanosPerSecond / rate),
        preparer_(plan, 0, kSeed),
        front_(*StreamFront::Create(plan, 0, preparer_.key_slots())),
        batch_(preparer_.NewBatch(kBatchRows, 1)) {
    std::vector<std::unique_ptr<Operator>> operators;
    operators.push_back(*MakeOperator(plan, 0, kSeed));
    std::vector<std::unique_ptr<Merger>> mergers;
    mergers.push_back(*MakeMerger(plan, 0));
    collector_ = std::make_unique<Collector>(nullptr, std::move(mergers));
    collector_->Equip(batch_);
    shard_ = std::make_unique<Shard>(plan, 0, std::move(operators), preparer_.key_slots());
    for (size_t i = 0; i < keys; ++i) keys_.push_back("/page/" + std::to_string(i));
    for (int i = 0; i < 10'000; ++i) values_.push_back("merchant-" + std::to_string(i));
    // A skew like Zipf's: the product of two uniform numbers prefers small ones.
    std::mt19937_64 random(kSeed);
    for (size_t i = 0; i < kPattern; ++i) {
      pattern_.push_back(static_cast<uint32_t>((random() % keys) * (random() % keys) / keys));
    }
  }

  // Fills the next batch, without counting it as work.
  void Fill() {
    EventBatch& events = batch_.events;
    events.Clear();
    events.size = kBatchRows;
    for (size_t row = 0; row < kBatchRows; ++row, ++next_) {
      const uint32_t key = pattern_[next_ % kPattern];
      const auto disorder = static_cast<int64_t>(next_ * 7919 % 20'000) * 100'000;  // up to 2 s
      events.columns[0].ints[row] = kStartNs + static_cast<int64_t>(next_) * step_ns_ - disorder;
      events.columns[1].strings[row] = keys_[key];
      events.columns[2].strings[row] = values_[next_ * 31 % values_.size()];
      events.columns[3].ints[row] = static_cast<int64_t>(next_ % 10);
    }
  }
  // The seconds that the shard worked.
  double Work() {
    preparer_.Prepare(batch_);
    front_->Admit(batch_);
    const double begin_us = ThreadMicroseconds();
    shard_->Process(batch_);
    const double end_us = ThreadMicroseconds();
    Require(collector_->Collect(batch_).ok(), "collecting");
    return (end_us - begin_us) * 1e-6;
  }

  uint32_t key_of(uint64_t event) const { return pattern_[event % kPattern]; }
  Shard& shard() { return *shard_; }
  // Ends the input; the lines are valid until the next call.
  const ResultLines& Finish() {
    shard_->Finish(front_->events_read(), batch_);
    return batch_.lanes[0].results;
  }

 private:
  static constexpr size_t kPattern = 1 << 20;
  int64_t step_ns_;
  BatchPreparer preparer_;
  std::unique_ptr<StreamFront> front_;
  PreparedBatch batch_;
  std::unique_ptr<Shard> shard_;
  std::unique_ptr<Collector> collector_;
  std::vector<std::string> keys_;
  std::vector<std::string> values_;
  std::vector<uint32_t> pattern_;
  uint64_t next_ = 0;
};

void Run(benchmark::State& state, const Plan& plan, int64_t rate) {
  const auto keys = static_cast<size_t>(state.range(0));
  Feed feed(plan, keys, rate);
  for (size_t events = 0; events < 2'000'000; events += kBatchRows) {  // warm-up
    feed.Fill();
    feed.Work();
  }
  double worst = 0;
  for (auto _ : state) {
    feed.Fill();
    const double seconds = feed.Work();
    state.SetIterationTime(seconds);
    worst = std::max(worst, seconds);
  }
  state.counters["worst_batch_us"] = worst * 1e6;  // top_k: the slide
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kBatchRows));
  state.counters["bytes_per_key"] =
      static_cast<double>(feed.shard().operators()[0]->memory_bytes()) /
      static_cast<double>(feed.shard().operators()[0]->key_count());
}

// The running sums of the first events equal those of a map.
void CheckRunningSums() {
  const Plan plan = MakePlan(RunningSum());
  Feed feed(plan, 1'000, 10'000);
  std::map<uint32_t, int64_t> sums;
  for (uint64_t event = 0; event < 10 * kBatchRows; ++event) {
    sums[feed.key_of(event)] += static_cast<int64_t>(event % 10);
  }
  for (int i = 0; i < 10; ++i) {
    feed.Fill();
    feed.Work();
  }
  const ResultLines& results = feed.Finish();
  Require(results.size() == sums.size(), "running sums: number of keys");
  for (const auto& [key, sum] : sums) {
    const std::string member =
        "\"key\":\"/page/" + std::to_string(key) + "\",\"sum_amount\":" + std::to_string(sum) + "}";
    Require(results.all().find(member) != std::string_view::npos, "running sums: a sum");
  }
}

void BM_TopK_Count(benchmark::State& state) { Run(state, MakePlan(TopTen()), 10'000); }
BENCHMARK(BM_TopK_Count)->ArgName("keys")->Arg(100'000)->Arg(1'000'000)->UseManualTime();

void BM_Velocity_CountDistinct(benchmark::State& state) {
  Run(state, MakePlan(MoreThanThreeInTwoMinutes()), state.range(1));
}
BENCHMARK(BM_Velocity_CountDistinct)
    ->ArgNames({"keys", "rate"})
    ->Args({1'000'000, 1'000})   // few are flagged
    ->Args({1'000'000, 10'000})  // a sixth is
    ->Args({1, 1'000})           // one key has all events, and all are flagged
    ->UseManualTime();

// The worst single insert while a table grows from nothing: no growth may stall the way of an
// event.
void BM_KeyTable_WorstInsert(benchmark::State& state) {
  const auto keys = static_cast<uint32_t>(state.range(0));
  double worst_us = 0;
  for (auto _ : state) {
    KeyTable table;
    std::mt19937_64 random(kSeed);
    double last_us = ThreadMicroseconds();
    for (uint32_t i = 0; i < keys; ++i) {
      const uint64_t hash = random();
      char key[2 * sizeof(hash)] = {};
      std::memcpy(key, &hash, sizeof(hash));
      Require(table.FindOrInsert({key, sizeof(key)}, hash) == i, "a new key has the next id");
      const double now_us = ThreadMicroseconds();
      worst_us = std::max(worst_us, now_us - last_us);
      last_us = now_us;
    }
    state.counters["bytes_per_key"] = static_cast<double>(table.memory_bytes()) / keys;
  }
  state.counters["worst_us"] = worst_us;
}
BENCHMARK(BM_KeyTable_WorstInsert)->ArgName("keys")->Arg(10'000'000)->Iterations(1);

void BM_RunningAggregate_Sum(benchmark::State& state) {
  CheckRunningSums();
  Run(state, MakePlan(RunningSum()), 10'000);
}
BENCHMARK(BM_RunningAggregate_Sum)->ArgName("keys")->Arg(100'000)->UseManualTime();

}  // namespace
}  // namespace onrush

BENCHMARK_MAIN();
