// Where the time of one thread goes.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/metrics/counter.h"
#include "core/metrics/histogram.h"
#include "core/metrics/stage.h"
#include "core/metrics/stall_meter.h"

namespace onrush {

// What a stage had to do.
struct StageWork {
  uint64_t events = 0;
  uint64_t bytes = 0;
};

struct StageFigures {
  Histogram own;  // nanoseconds each time, without stalls
  Counter events;
  Counter bytes;
  Counter allocations;
  Counter steady_allocations;
};

// One time that a stage was at work.
struct StageSpan {
  uint64_t begin_ns;  // CLOCK_MONOTONIC
  uint64_t took_ns;   // with stalls
  uint32_t stalled_us;
  uint32_t query;  // 0 if the stage is no query's
  uint32_t events;
  Stage stage;
};

struct StageTimerOptions {
  // Queries of the plan.
  size_t queries = 0;
  // Looks for stalls where a stage took unusually long (about 1 us each time).
  bool find_stalls = false;
  // Spans to keep, 32 bytes each; later ones are counted only.
  size_t span_capacity = 0;
  // Allocations of the calling thread so far; null: not counted.
  uint64_t (*allocation_count)() = nullptr;
};

// Description
//   A stopwatch that never stops: each call of Took() says what the time since the last one was
//   spent on. So the parts always add up to the whole, and a part costs one reading of the clock,
//   about 80 ns with the book-keeping. That of a call counts to the part that follows.
// Threads
//   One is measured and calls everything but what is marked otherwise. Figures may be read by one
//   other thread meanwhile, spans when the thread has ended.
class StageTimer {
 public:
  explicit StageTimer(const StageTimerOptions& options);
  StageTimer(const StageTimer&) = delete;
  StageTimer& operator=(const StageTimer&) = delete;

  // The thread's work begins, and ends: what is left is the stage kWait.
  void Begin();
  void End();

  // The time since the last call (or Begin()) was spent on `stage`, for `query` if IsOfQuery().
  void Took(Stage stage, size_t query, const StageWork& work);
  // A block that was handed over at `since_ns` has been taken up.
  void TookFromRing(uint64_t since_ns);

  // CLOCK_MONOTONIC, which all threads share.
  static uint64_t NowNs();

  // While a run is steady (warmed up, and its input is not over), allocations are counted apart
  // too. Any thread.
  void SetSteady(bool steady) { steady_.store(steady, std::memory_order_relaxed); }

  // The reader's.
  const StageFigures& figures(Stage stage, size_t query = 0) const {
    return figures_[SlotOf(stage, query)];
  }
  const Histogram& stalls() const { return stalls_; }
  uint64_t calls() const { return calls_.value(); }
  uint64_t stall_checks() const { return stall_checks_.value(); }

  // When the thread has ended.
  const std::vector<StageSpan>& spans() const { return spans_; }
  uint64_t spans_left_out() const { return spans_left_out_; }
  const ThreadClocks& began() const { return began_; }
  const ThreadClocks& ended() const { return ended_; }

 private:
  // Shorter stalls, and those of less than the stage's usual time, are not looked for.
  static constexpr uint64_t kShortestStallNs = 5'000;
  // What the two clocks may differ by without a stall.
  static constexpr uint64_t kClockNoiseNs = 1'000;

  size_t SlotOf(Stage stage, size_t query) const {
    return IsOfQuery(stage) ? kStageCount + 2 * query + static_cast<size_t>(stage == Stage::kFire)
                            : static_cast<size_t>(stage);
  }
  uint64_t FindStall(Stage stage, uint64_t usual_ns, uint64_t took_ns);
  void CountAllocations(StageFigures& figures);
  void KeepSpan(const StageSpan& span);

  const StageTimerOptions options_;
  std::unique_ptr<StageFigures[]> figures_;  // by slot
  std::vector<uint64_t> usual_ns_;           // by slot: a moving average
  Histogram stalls_;
  Counter calls_;
  Counter stall_checks_;
  std::atomic<bool> steady_{false};

  uint64_t last_ns_ = 0;
  uint64_t last_allocations_ = 0;
  StallMeter stall_meter_;
  std::vector<StageSpan> spans_;
  uint64_t spans_left_out_ = 0;
  ThreadClocks began_;
  ThreadClocks ended_;
};

}  // namespace onrush
