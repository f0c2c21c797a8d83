#include "operators/long_log.h"

#include <algorithm>
#include <cstdint>
#include <random>
#include <set>
#include <vector>

#include "doctest/doctest.h"

namespace onrush {
namespace {

TEST_SUITE_BEGIN("operators/long_log");

auto In(int64_t start, int64_t last) {
  return [=](const VelocityEvent& event) { return start <= event.time && event.time <= last; };
}

// The same by looking at all events, in the order of the log.
class Model {
 public:
  void Insert(const VelocityEvent& event) {
    const auto at = std::upper_bound(
        events_.begin(), events_.end(), event.time,
        [](int64_t time, const VelocityEvent& other) { return time < other.time; });
    events_.insert(at, event);
  }
  void Forget(int64_t horizon) {
    std::erase_if(events_, [&](const VelocityEvent& event) { return event.time < horizon; });
  }
  int64_t Count(int64_t start, int64_t last) const {
    return std::count_if(events_.begin(), events_.end(), In(start, last));
  }
  int64_t Sum(int64_t start, int64_t last) const {
    int64_t sum = 0;
    for (const VelocityEvent& event : events_) {
      if (In(start, last)(event)) sum += event.amount;
    }
    return sum;
  }
  int64_t Distinct(int64_t start, int64_t last) const {
    std::set<uint32_t> values;
    for (const VelocityEvent& event : events_) {
      if (In(start, last)(event) && event.value != kNoValue) values.insert(event.value);
    }
    return static_cast<int64_t>(values.size());
  }
  std::vector<VelocityEvent>& events() { return events_; }

 private:
  std::vector<VelocityEvent> events_;
};

struct Stream {
  int64_t within;
  int64_t step;      // of the time between two events, at most
  int64_t disorder;  // how far behind an event may be
  uint32_t values;
};

class Comparison {
 public:
  Comparison(const Stream& stream, uint64_t seed)
      : stream_(stream), random_(seed), log_(blocks_, Duration{stream.within}) {}

  void Step() {
    newest_ += Below(stream_.step + 1);
    VelocityEvent event;
    event.time = newest_ - Below(stream_.disorder + 1);
    event.mark = seq_++ << 1;
    event.amount = Below(2'000) - 1'000;
    event.value = Below(10) == 0 ? kNoValue : static_cast<uint32_t>(Below(stream_.values));
    log_.Insert(event);
    model_.Insert(event);
    const int64_t oldest_judged = newest_ - stream_.disorder;
    log_.Forget(oldest_judged - stream_.within, oldest_judged, [](uint32_t) {});
    model_.Forget(oldest_judged - stream_.within);
    CheckWindow(event.time);
    // Any other event that may still be judged.
    const auto& events = model_.events();
    const VelocityEvent& other = events[static_cast<size_t>(Below(std::ssize(events)))];
    if (other.time >= oldest_judged) CheckWindow(other.time);
    Flag(event.time);
  }

 private:
  int64_t Below(int64_t limit) {
    return static_cast<int64_t>(random_() % static_cast<uint64_t>(limit));
  }

  void CheckWindow(int64_t last) {
    CAPTURE(last);
    const int64_t start = last - stream_.within;
    const LongLog::Window window = log_.WindowOf(start, last);
    REQUIRE(window.count() == model_.Count(start, last));
    REQUIRE(log_.Sum(window) == model_.Sum(start, last));
    REQUIRE(log_.Distinct(window, last) == model_.Distinct(start, last));
  }
  // Flags the events at `time` that are not, and compares which come next.
  void Flag(int64_t time) {
    for (LongLog::Position at = log_.NextUnflagged(log_.LowerBound(time));
         at != log_.end() && log_.time(at) == time; at = log_.NextUnflagged(at)) {
      auto& events = model_.events();
      const auto next = std::find_if(events.begin(), events.end(), [&](const VelocityEvent& event) {
        return event.time >= time && (event.mark & 1) == 0;
      });
      REQUIRE(next != events.end());
      REQUIRE(log_.seq(at) == next->mark >> 1);
      if (Below(8) == 0) break;  // is left for later
      log_.SetFlagged(at);
      next->mark |= 1;
    }
  }

  const Stream stream_;
  std::mt19937_64 random_;
  EventBlocks blocks_{true, true};
  LongLog log_;
  Model model_;
  int64_t newest_ = 1'000'000;
  uint64_t seq_ = 0;
};

TEST_CASE("windows, sums, different values and flags agree with looking at all events") {
  const Stream streams[] = {
      {1'000, 2, 0, 5},        // in order
      {1'000, 2, 300, 5},      // few values, most of which come again before they leave
      {1'000, 2, 300, 5'000},  // hardly any does
      {100, 40, 2'000, 20},    // far more disorder than a window is long
      {500, 0, 0, 50},         // all at one instant
      {500, 1, 3, 50},         // many at each
      {64, 1'000, 50, 3},      // gaps in which all leave
  };
  for (const Stream& stream : streams) {
    for (uint64_t seed = 0; seed < 3; ++seed) {
      CAPTURE(stream.within);
      CAPTURE(stream.disorder);
      CAPTURE(seed);
      Comparison comparison(stream, seed);
      for (int i = 0; i < 1'500; ++i) comparison.Step();
    }
  }
}

TEST_CASE("a log that was cleared begins anew") {
  EventBlocks blocks(true, true);
  LongLog log(blocks, Duration{10});
  for (int64_t i = 0; i < 200; ++i) log.Insert({i, static_cast<uint64_t>(i) << 1, 1, 7});
  size_t released = 0;
  log.Clear([&](uint32_t) { ++released; });
  CHECK(released == 200);
  CHECK(log.size() == 0);
  log.Insert({5, 0, 3, 8});
  log.Insert({4, 2, 4, 9});
  const LongLog::Window window = log.WindowOf(-5, 5);
  CHECK(window.count() == 2);
  CHECK(log.Sum(window) == 7);
  CHECK(log.Distinct(window, 5) == 2);
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
