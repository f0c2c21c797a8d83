// How long events wait when a window of top_k slides: the ten most frequent keys of five minutes,
// every minute.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "bench/measure.h"
#include "benchmark/benchmark.h"
#include "operators/top_k.h"

namespace onrush {
namespace {

constexpr uint64_t kSeed = 42;
constexpr size_t kBatchRows = 1024;
constexpr Duration kMinute{60 * kNanosPerSecond};
constexpr int kTop = 10;

Plan TopTenPlan() {
  Plan plan;
  StreamPlan stream;
  stream.name = "events";
  stream.fields = {{"ts", {TypeKind::kTimestamp}}, {"key", {TypeKind::kString}}};
  plan.streams.push_back(stream);
  TopKPlan top_k;
  top_k.window.size = Duration{5 * kMinute.ns};
  top_k.window.slide = kMinute;
  top_k.k = kTop;
  top_k.by.name = "count";
  QueryPlan query;
  query.name = "q";
  query.key = {1};
  query.kind = top_k;
  plan.queries.push_back(query);
  return plan;
}

// Minutes of events, all of whose keys are known before the first slide.
class Minutes {
 public:
  // `tie`: each key occurs once a minute; else some keys occur more often than others.
  Minutes(size_t keys, bool tie)
      : plan_(TopTenPlan()),
        codec_(plan_.streams[0], {1}),
        batch_(plan_.streams[0], 0, kBatchRows),
        key_column_(kBatchRows),
        operator_(*TopK::Create(plan_, 0)),
        totals_(keys),
        tie_(tie) {
    for (size_t i = 0; i < keys; ++i) texts_.push_back("/page/" + std::to_string(i));
  }

  // A minute in which every key occurs, and a skewed number of others.
  void AddMinute() {
    std::vector<uint32_t> events(texts_.size());
    std::iota(events.begin(), events.end(), 0u);
    if (!tie_) {
      for (size_t i = texts_.size(); i > 0; --i) {
        const size_t keys = texts_.size();
        events.push_back(static_cast<uint32_t>((random_() % keys) * (random_() % keys) / keys));
      }
    }
    std::shuffle(events.begin(), events.end(), random_);
    for (size_t begin = 0; begin < events.size(); begin += kBatchRows) {
      Add(std::span(events).subspan(begin, std::min(kBatchRows, events.size() - begin)));
    }
    counts_.push_back(std::move(events));
    ++minute_;
  }

  // The slide at the end of the last minute; microseconds.
  double Slide() {
    tops_.Clear();
    const double begin_us = ThreadMicroseconds();
    operator_->OnWatermark(EventTime{minute_ * kMinute.ns}, 0, {lines_, &tops_});
    return ThreadMicroseconds() - begin_us;
  }

  // Compares what the last slide said with counting.
  void Check() {
    std::fill(totals_.begin(), totals_.end(), 0);
    for (size_t i = counts_.size() < 5 ? 0 : counts_.size() - 5; i < counts_.size(); ++i) {
      for (const uint32_t key : counts_[i]) ++totals_[key];
    }
    order_.resize(totals_.size());
    std::iota(order_.begin(), order_.end(), 0u);
    std::partial_sort(order_.begin(), order_.begin() + kTop, order_.end(),
                      [this](uint32_t a, uint32_t b) {
                        if (totals_[a] != totals_[b]) return totals_[a] > totals_[b];
                        return texts_[a] < texts_[b];
                      });
    Require(tops_.size() == 1 && tops_.top(0).list.size() == kTop, "a window has ten keys");
    for (int i = 0; i < kTop; ++i) {
      const TopList& list = tops_.top(0).list;
      Require(list.key(i) == texts_[order_[i]] && list.value(i).exact == totals_[order_[i]],
              "a key and its count");
    }
  }

 private:
  void Add(std::span<const uint32_t> events) {
    batch_.Clear();
    batch_.size = events.size();
    rows_.resize(events.size());
    std::iota(rows_.begin(), rows_.end(), 0u);
    for (size_t row = 0; row < events.size(); ++row) {
      batch_.columns[0].ints[row] = minute_ * kMinute.ns + static_cast<int64_t>(row);
      batch_.columns[1].strings[row] = texts_[events[row]];
    }
    codec_.Encode(batch_, kSeed, key_column_);
    operator_->Process(batch_, key_column_, rows_, {lines_, &tops_});
  }

  Plan plan_;
  KeyCodec codec_;
  EventBatch batch_;
  KeyColumn key_column_;
  std::unique_ptr<TopK> operator_;
  ResultLines lines_;
  PartialTops tops_;
  std::mt19937_64 random_{kSeed};
  std::vector<std::string> texts_;
  std::vector<uint32_t> rows_;
  std::vector<uint32_t> order_;
  std::vector<int64_t> totals_;
  std::vector<std::vector<uint32_t>> counts_;  // by minute
  bool tie_;
  int64_t minute_ = 0;
};

void BM_TopK_Slide(benchmark::State& state) {
  Minutes minutes(static_cast<size_t>(state.range(0)), state.range(1) != 0);
  for (int i = 0; i < 8; ++i) {  // until minutes leave as others enter
    minutes.AddMinute();
    minutes.Slide();
    minutes.Check();
  }
  double worst_us = 0;
  for (auto _ : state) {
    minutes.AddMinute();
    const double us = minutes.Slide();
    state.SetIterationTime(us * 1e-6);
    worst_us = std::max(worst_us, us);
  }
  minutes.Check();
  state.counters["worst_us"] = worst_us;
}
BENCHMARK(BM_TopK_Slide)
    ->ArgNames({"keys", "tie"})
    ->ArgsProduct({{100'000, 1'000'000}, {0, 1}})
    ->UseManualTime()
    ->Iterations(30)
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace onrush

BENCHMARK_MAIN();
