#include "core/runtime/stream_front.h"

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "core/runtime/batch_preparer.h"
#include "doctest/doctest.h"
#include "tools/engine/pipeline_file.h"

namespace onrush {
namespace {

constexpr size_t kRows = 3000;
constexpr int64_t kMinuteNs = 60'000'000'000;

struct Event {
  int64_t time = 0;
  bool bad = false;
  int64_t amount = 0;
};

// What the front made of events, rows counted from the first one.
struct Admitted {
  std::vector<int64_t> watermarks;
  std::vector<std::pair<size_t, int64_t>> ticks;
  std::vector<std::vector<size_t>> selected;
  std::vector<std::tuple<size_t, uint32_t, int64_t, int64_t>> late;
  std::vector<std::pair<size_t, uint32_t>> rejected;
  friend bool operator==(const Admitted&, const Admitted&) = default;
};

Plan MakePlan() {
  auto plan = ParsePipeline(R"(
[stream.s]
time = "ts"
time_format = "unix_ns"
max_out_of_orderness = "30s"
allowed_lateness = "20s"
[stream.s.fields]
ts = "timestamp"
key = "string"
amount = "int"
[[query]]
name = "windows"
type = "top_k"
key = "key"
k = 3
window = { size = "3m", slide = "1m" }
[[query]]
name = "velocity"
type = "velocity"
key = "key"
within = "1m"
count_over = 3
[[query]]
name = "sums"
type = "velocity"
key = "key"
within = "1m"
sum_over = { field = "amount", amount = 9 }
)",
                            "p.toml");
  REQUIRE_MESSAGE(plan.ok(), plan.status().ToString());
  return *std::move(plan);
}

Admitted Admit(const Plan& plan, const std::vector<Event>& events, size_t batch_rows) {
  BatchPreparer preparer(plan, 0, 1);
  const auto front = *StreamFront::Create(plan, 0, preparer.key_slots());
  PreparedBatch batch = preparer.NewBatch(batch_rows, 1);
  Admitted result;
  result.selected.resize(plan.queries.size());
  for (size_t first = 0; first < events.size(); first += batch_rows) {
    EventBatch& rows = batch.events;
    rows.Clear();
    rows.size = std::min(batch_rows, events.size() - first);
    for (size_t row = 0; row < rows.size; ++row) {
      const Event& event = events[first + row];
      rows.columns[0].ints[row] = event.time;
      rows.columns[1].strings[row] = "k";
      rows.columns[2].ints[row] = event.amount;
      if (event.bad) rows.MarkBad(row, "made up");
    }
    preparer.Prepare(batch);
    front->Admit(batch);
    CHECK(rows.first_seq == first);
    RowWatermarks::Cursor watermarks(rows.watermarks);
    for (uint32_t row = 0; row < rows.size; ++row) {
      result.watermarks.push_back(watermarks.Before(row).ns);
      CHECK(rows.watermarks.Before(row).ns == result.watermarks.back());
    }
    for (const Tick& tick : batch.ticks) {
      result.ticks.emplace_back(first + tick.row, tick.watermark.ns);
    }
    for (size_t query = 0; query < plan.queries.size(); ++query) {
      for (const uint32_t row : batch.lanes[0].selected[query].rows) {
        result.selected[query].push_back(first + row);
      }
    }
    for (const LateEvent& late : batch.late) {
      result.late.emplace_back(first + late.row, late.query, late.missed, late.counted);
    }
    for (const RejectedEvent& rejected : batch.rejected) {
      result.rejected.emplace_back(first + rejected.row, rejected.query);
    }
  }
  return result;
}

// Events some of which are late; now and then one is bad, with whatever time.
std::vector<Event> Events(std::mt19937_64& random, int64_t late_by_s) {
  std::vector<Event> events;
  int64_t now = 1'000 * kMinuteNs;
  for (size_t i = 0; i < kRows; ++i) {
    now += static_cast<int64_t>(random() % 1'000'000'000);
    Event& event = events.emplace_back();
    event.time = now - static_cast<int64_t>(random() % 20) * 1'000'000'000;
    if (random() % 100 == 0) event.time -= static_cast<int64_t>(random() % 300) * 1'000'000'000;
    if (random() % 50 == 0) event.time -= late_by_s * 1'000'000'000;
    event.amount = random() % 40 == 0 ? -1 : 1;
    event.bad = random() % 60 == 0;
    if (event.bad && random() % 2 == 0) event.time = random() % 2 == 0 ? INT64_MAX : INT64_MIN;
  }
  return events;
}

}  // namespace

TEST_SUITE_BEGIN("core/runtime/stream_front");

TEST_CASE("the watermark is the largest good time so far less the bound, as of before the event") {
  const Plan plan = MakePlan();
  std::mt19937_64 random(1);
  const std::vector<Event> events = Events(random, 0);
  const Admitted admitted = Admit(plan, events, 1000);
  int64_t watermark = kMinEventTime.ns;
  for (size_t row = 0; row < events.size(); ++row) {
    REQUIRE(admitted.watermarks[row] == watermark);
    if (!events[row].bad) watermark = std::max(watermark, events[row].time - kMinuteNs / 2);
  }
  CHECK(admitted.ticks.size() > 10);
  CHECK(admitted.late.size() > 10);
  CHECK(admitted.rejected.size() > 10);
}

TEST_CASE("what is stamped, late, rejected and selected does not depend on batches") {
  const Plan plan = MakePlan();
  std::mt19937_64 random(2);
  for (const int64_t late_by_s : {0, 40, 5'000}) {
    const std::vector<Event> events = Events(random, late_by_s);
    const Admitted one_by_one = Admit(plan, events, 1);
    for (const size_t batch_rows : {2, 15, 16, 17, 100, 1024, 5000}) {
      CAPTURE(batch_rows);
      CHECK(Admit(plan, events, batch_rows) == one_by_one);
    }
  }
}

TEST_SUITE_END();

}  // namespace onrush
