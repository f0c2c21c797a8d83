#include "operators/key_search.h"

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "tests/support/plan_maker.h"

namespace onrush {
namespace {

TEST_SUITE_BEGIN("operators/key_search");

using Id = KeyTable::Id;
constexpr size_t kFloatColumn = 2;

// Panes of numbers beside a map of them; searched by way of the totals that a measure has.
class NumberPanes {
 public:
  explicit NumberPanes(const MeasurePlan& measure)
      : stream_(MakeStream("s", TimeFormat::Kind::kUnixSeconds, Seconds(0),
                           {{"ts", kTimestampType}, {"whole", kIntType}, {"broken", kFloatType}})),
        measure_(measure),
        batch_(stream_, 0, 1),
        store_(stream_, {measure}),
        totals_(MakeWindowTotals(stream_, measure, store_)) {
    batch_.size = 1;
  }

  void Add(int64_t pane, const std::string& key, int number) {
    const Id id = store_.keys().FindOrInsert(key, std::hash<std::string>()(key));
    batch_.columns[1].ints[0] = number;
    batch_.columns[2].floats[0] = number;
    const uint32_t row = 0;
    saw_direct_ |= store_.Add(pane, batch_, std::span(&row, 1), &id).keys.direct();
    model_[pane][id] += measure_.kind == MeasurePlan::Kind::kCount ? 1 : number;
  }

  // Looks for some of the keys in windows of `panes` panes that end at first_end … last_end; some
  // have a least value.
  void Check(int64_t panes, int64_t first_end, int64_t last_end, std::mt19937_64& random) {
    std::vector<Id> ids;
    for (Id id = 0; id < store_.keys().id_limit(); ++id) {
      if (random() % 2 == 0) ids.push_back(id);
    }
    std::vector<RankValue> least(static_cast<size_t>(last_end - first_end + 1));
    std::vector<std::vector<Id>> found(least.size()), expected(least.size());
    std::vector<WindowSearch> windows;
    for (size_t i = 0; i < least.size(); ++i) {
      const int64_t end = first_end + static_cast<int64_t>(i);
      // What a window has listed, which for counts is positive.
      const int bound =
          static_cast<int>(random() % 9) - (measure_.kind == MeasurePlan::Kind::kCount ? -1 : 4);
      if (measure_.column == kFloatColumn) {
        least[i].approximate = bound;
      } else {
        least[i].exact = bound;
      }
      const bool any = random() % 4 == 0;
      windows.push_back({end, any ? nullptr : &least[i], &found[i]});
      expected[i] = ModelSearch(ids, end - panes, end, any ? -1'000'000 : bound);
    }
    totals_->Search(store_, ids, panes, windows);
    REQUIRE(found == expected);
  }

  bool saw_direct() const { return saw_direct_; }

 private:
  std::vector<Id> ModelSearch(const std::vector<Id>& ids, int64_t begin, int64_t end, int least) {
    std::map<Id, int> totals;
    for (int64_t pane = begin; pane < end; ++pane) {
      for (const auto& [id, number] : model_[pane]) totals[id] += number;
    }
    std::vector<Id> found;
    for (const Id id : ids) {
      if (totals.contains(id) && totals[id] >= least) found.push_back(id);
    }
    return found;
  }

  StreamPlan stream_;
  MeasurePlan measure_;
  EventBatch batch_;
  PaneStore store_;
  std::unique_ptr<WindowTotals> totals_;
  std::map<int64_t, std::map<Id, int>> model_;
  bool saw_direct_ = false;
};

TEST_CASE("it finds what maps tell, in panes with few keys and with most, for every measure") {
  const MeasurePlan measures[] = {{MeasurePlan::Kind::kCount, 0, "count"},
                                  {MeasurePlan::Kind::kSum, 1, "sum"},
                                  {MeasurePlan::Kind::kSum, kFloatColumn, "sum"}};
  for (const MeasurePlan& measure : measures) {
    CAPTURE(measure.column);
    for (uint64_t seed = 0; seed < 20; ++seed) {
      CAPTURE(seed);
      std::mt19937_64 random(seed);
      NumberPanes panes(measure);
      for (int64_t pane = 0; pane < 12; ++pane) {
        if (random() % 6 == 0) continue;
        const uint64_t keys = random() % 2 == 0 ? 20 : 200;
        for (int i = 0; i < 100; ++i) {
          const auto back = static_cast<int64_t>(random() % 10 == 0 ? random() % 4 : 0);
          panes.Add(pane - back, "key-" + std::to_string(random() % keys),
                    static_cast<int>(random() % 7) - 3);
        }
      }
      CHECK(panes.saw_direct());
      for (int i = 0; i < 20; ++i) {
        const auto first_end = static_cast<int64_t>(random() % 12);
        const auto width = 1 + static_cast<int64_t>(random() % 5);
        panes.Check(width, first_end, first_end + static_cast<int64_t>(random() % 5), random);
      }
    }
  }
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
