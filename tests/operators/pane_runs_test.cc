#include "operators/pane_runs.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "doctest/doctest.h"
#include "tests/support/plan_maker.h"

namespace onrush {
namespace {

TEST_SUITE_BEGIN("operators/pane_runs");

constexpr int64_t kMost = std::numeric_limits<int64_t>::max();

WindowAssigner EachSecond() {
  WindowPlan plan;
  plan.size = plan.slide = Duration{kNanosPerSecond};
  return *WindowAssigner::Create(plan);
}

// With a range of times that is as wide as can be.
EventBatch BatchOf(const std::vector<int64_t>& times) {
  static const StreamPlan stream =
      MakeStream("s", TimeFormat::Kind::kUnixSeconds, Duration{0}, {{"ts", kTimestampType}});
  EventBatch batch(stream, 0, std::max<size_t>(times.size(), 1));
  batch.size = times.size();
  std::ranges::copy(times, batch.columns[0].ints.begin());
  return batch;
}

// Rows with an id each, by pane, in order of arrival.
using Rows = std::vector<std::pair<uint32_t, uint32_t>>;
using RowsByPane = std::map<int64_t, Rows>;

TEST_CASE("each pane's rows keep their order, and so do all late ones") {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    WindowAssigner assigner = EachSecond();
    PaneRuns cutter;
    for (int batch = 0; batch < 10; ++batch) {
      const size_t size = random() % 100;
      const uint64_t stray = 1 + random() % 20;  // one in so many
      const auto fired = static_cast<int64_t>(random() % 12);
      const int64_t newest = random() % 4 == 0 ? kMost : 10 * kNanosPerSecond;
      std::vector<int64_t> times(2 * size);
      std::vector<uint32_t> rows, ids;
      RowsByPane expected, found;
      Rows expected_late, found_late;
      for (uint32_t row = 0; row < times.size(); ++row) {
        const auto back = static_cast<int64_t>(random() % (10 * kNanosPerSecond));
        times[row] = newest - (random() % stray == 0 ? back : back % 10);
        if (random() % 2 == 0) continue;
        rows.push_back(row);
        ids.push_back(static_cast<uint32_t>(random()));
        const int64_t pane = assigner.PaneOf(EventTime{times[row]});
        expected[pane].emplace_back(row, ids.back());
        if (pane < fired) expected_late.emplace_back(row, ids.back());
      }
      EventBatch events = BatchOf(times);
      if (random() % 2 == 0 && !times.empty()) {
        const auto [earliest, latest] = std::ranges::minmax(times);
        events.time_range = {earliest, latest};
      }
      for (const PaneRun& run : cutter.Cut(assigner, fired, events, rows, ids.data())) {
        REQUIRE(!run.rows.empty());
        for (size_t i = 0; i < run.rows.size(); ++i) {
          found[run.pane].emplace_back(run.rows[i], run.ids[i]);
          if (run.pane < fired) found_late.emplace_back(run.rows[i], run.ids[i]);
        }
      }
      REQUIRE(found == expected);
      REQUIRE(found_late == expected_late);
    }
  }
}

TEST_CASE("late rows do not cut those of the usual pane into short runs") {
  WindowAssigner assigner = EachSecond();
  std::vector<int64_t> times(100, 10 * kNanosPerSecond);
  for (size_t row = 5; row < times.size(); row += 10) times[row] = 0;
  std::vector<uint32_t> rows(times.size());
  std::iota(rows.begin(), rows.end(), 0u);
  PaneRuns cutter;
  const auto runs = cutter.Cut(assigner, 5, BatchOf(times), rows, rows.data());
  REQUIRE(runs.size() == 2);
  CHECK((runs[0].pane == 10 && runs[0].rows.size() == 90));
  CHECK((runs[1].pane == 0 && runs[1].rows.size() == 10));
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
