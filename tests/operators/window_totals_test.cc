#include "operators/window_totals.h"

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "doctest/doctest.h"
#include "operators/count_column.h"
#include "tests/support/plan_maker.h"

namespace onrush {
namespace {

TEST_SUITE_BEGIN("operators/window_totals");

constexpr size_t kTop = 5;
using Top = std::vector<std::pair<std::string, Int128>>;

// Windows of three panes over counts of any size, beside maps.
class SlidingWindow {
 public:
  SlidingWindow()
      : stream_(
            MakeStream("s", TimeFormat::Kind::kUnixSeconds, Seconds(0), {{"ts", kTimestampType}})),
        store_(stream_, {kMeasure}),
        totals_(MakeWindowTotals(stream_, kMeasure, store_)),
        selector_(kTop, store_.keys()) {
    EventBatch batch(stream_, 0, 1);
    batch.size = 1;
    const uint32_t first = 0;
    for (int i = 0; i < 40; ++i) {  // 2^i
      powers_.emplace_back();
      powers_.back().push_back(std::make_unique<CountColumn>());
      powers_.back()[0]->Resize(1);
      powers_.back()[0]->Add(batch, std::span(&first, 1), &first);
      for (int j = 0; j < i; ++j) powers_.back()[0]->Combine(0, *powers_.back()[0], 0);
    }
  }

  // Adds 2^power events.
  void Add(int64_t pane, const std::string& key, int power) {
    const PaneStore::Id id = store_.keys().FindOrInsert(key, std::hash<std::string>()(key));
    store_.AddCounted(pane, id, powers_[static_cast<size_t>(power)], 0);
    model_[pane][key] += Int128{1} << power;
  }
  // The same, if the pane stands in the window already.
  void AddLate(int64_t pane, const std::string& key, int power) {
    const PaneStore::Id id = store_.keys().FindOrInsert(key, std::hash<std::string>()(key));
    if (const Pane* content = store_.panes().Find(pane)) {
      const uint32_t slot = content->keys.Find(id);
      if (slot != PaneKeys::kNone) totals_->BeforeChange(pane, *content, id, slot);
    }
    Add(pane, key, power);
    const Pane& content = *store_.panes().Find(pane);
    totals_->AfterChange(pane, content, id, content.keys.Find(id));
  }

  void CheckAt(int64_t end) {
    totals_->MoveTo(store_, end - 3, end);
    selector_.Clear();
    totals_->OfferAll(selector_);
    Top found;
    for (const Ranked& ranked : selector_.Finish()) {
      found.emplace_back(store_.keys().key(ranked.id), ranked.value.exact);
    }
    REQUIRE(found == ModelAt(end));
    totals_->BeforeDrop(store_, end - 2);
    store_.DropBefore(end - 2);
  }

 private:
  inline static const MeasurePlan kMeasure{MeasurePlan::Kind::kCount, 0, "count"};

  Top ModelAt(int64_t end) {
    std::map<std::string, Int128> counts;
    for (int64_t pane = end - 3; pane < end; ++pane) {
      for (const auto& [key, count] : model_[pane]) counts[key] += count;
    }
    Top top(counts.begin(), counts.end());
    std::stable_sort(top.begin(), top.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    top.resize(std::min(top.size(), kTop));
    return top;
  }

  StreamPlan stream_;
  PaneStore store_;
  std::unique_ptr<WindowTotals> totals_;
  TopSelector selector_;
  std::vector<std::vector<std::unique_ptr<Accumulators>>> powers_;
  std::map<int64_t, std::map<std::string, Int128>> model_;
};

// Fills and slides `windows` windows; the counts of `key` at `pane` are powers below the limit.
template <typename LimitFn>
void Slide(uint64_t seed, size_t keys, int64_t windows, LimitFn power_limit) {
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  SlidingWindow window;
  for (int64_t pane = 0; pane < windows; ++pane) {
    const size_t events = random() % (2 * keys);  // panes with few keys and with most
    for (size_t i = 0; i < events; ++i) {
      const auto power = static_cast<int>(random() % static_cast<uint64_t>(power_limit(pane)));
      window.Add(pane, "/page/" + std::to_string(random() % keys), power);
    }
    for (int i = 0; i < 3; ++i) {
      window.AddLate(pane - 1, "/page/" + std::to_string(random() % keys), 0);
    }
    window.CheckAt(pane + 1);
  }
}

TEST_CASE("totals that slide are those of maps") {
  for (uint64_t seed = 0; seed < 10; ++seed) Slide(seed, 300, 20, [](int64_t) { return 4; });
}

TEST_CASE("of many keys that tie, the smallest come first") {
  for (uint64_t seed = 0; seed < 10; ++seed) Slide(seed, 1'000, 20, [](int64_t) { return 1; });
}

TEST_CASE("counts past 32 bits are exact in any window") {
  for (uint64_t seed = 0; seed < 10; ++seed) {
    Slide(seed, 100, 20, [](int64_t pane) { return pane == 7 ? 40 : pane == 12 ? 33 : 5; });
  }
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
