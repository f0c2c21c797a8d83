#include "operators/pane_store.h"

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "tests/support/plan_maker.h"

namespace onrush {
namespace {

// Counts events of text keys in panes, beside a map that does the same.
class CountedPanes {
 public:
  CountedPanes()
      : stream_(MakeStream("s", TimeFormat::Kind::kUnixSeconds, Seconds(0),
                           {{"ts", kTimestampType}})),
        batch_(stream_, 0, 1),
        store_(stream_, {{MeasurePlan::Kind::kCount, 0, "count"}}) {
    batch_.size = 1;
  }

  void Add(int64_t pane, const std::string& key) {
    const PaneStore::Id id = store_.keys().FindOrInsert(key, std::hash<std::string>()(key));
    const uint32_t row = 0;
    saw_direct_ |= store_.Add(pane, batch_, std::span(&row, 1), &id).keys.direct();
    ++model_[pane][key];
  }
  void DropBefore(int64_t pane) {
    store_.DropBefore(pane);
    model_.erase(model_.begin(), model_.lower_bound(pane));
  }

  // Compares all that is known of the panes first … end − 1, and which keys are known at all.
  void Check(int64_t first, int64_t end) {
    std::map<std::string, int64_t> counts;
    std::set<std::string> known;
    for (const auto& [pane, keys] : model_) {
      for (const auto& [key, count] : keys) {
        known.insert(key);
        if (pane >= first && pane < end) counts[key] += count;
      }
    }
    REQUIRE(store_.keys().size() == known.size());
    std::map<std::string, int64_t> found;
    for (const PaneStore::Id id : std::vector(store_.KeysIn(first, end))) {
      REQUIRE(store_.Combine(id, first, end));
      RankValue value;
      REQUIRE(store_.combined()[0]->Rank(0, value));
      REQUIRE(found.emplace(store_.keys().key(id), static_cast<int64_t>(value.exact)).second);
    }
    REQUIRE(found == counts);
  }

  bool saw_direct() const { return saw_direct_; }

 private:
  StreamPlan stream_;
  EventBatch batch_;
  PaneStore store_;
  std::map<int64_t, std::map<std::string, int64_t>> model_;
  bool saw_direct_ = false;
};

TEST_SUITE_BEGIN("operators/pane_store");

TEST_CASE("panes count as maps do, busy or not, and a key leaves with the last pane that has it") {
  for (uint64_t seed = 0; seed < 30; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    CountedPanes panes;
    for (int64_t newest = 0; newest < 40; ++newest) {
      // Now most of few keys, now few of many.
      const uint64_t keys = random() % 2 == 0 ? 70 : 2'000;
      const uint64_t first_key = random() % 3 * 50;
      for (int i = 0; i < 200; ++i) {
        const auto behind = static_cast<int64_t>(random() % 3);
        panes.Add(newest - behind, "key-" + std::to_string(first_key + random() % keys));
      }
      panes.Check(newest - 4, newest - static_cast<int64_t>(random() % 2));
      panes.DropBefore(newest - 3);
      panes.Check(newest - 3, newest + 1);
    }
    CHECK(panes.saw_direct());
    panes.DropBefore(100);
    panes.Check(0, 100);
  }
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
