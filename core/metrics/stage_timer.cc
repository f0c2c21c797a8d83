#include "core/metrics/stage_timer.h"

#include <time.h>

namespace onrush {

StageTimer::StageTimer(const StageTimerOptions& options)
    : options_(options),
      figures_(std::make_unique<StageFigures[]>(kStageCount + 2 * options.queries)),
      usual_ns_(kStageCount + 2 * options.queries) {
  spans_.resize(options.span_capacity);  // so that no page is touched first while it measures
  spans_.clear();
}

uint64_t StageTimer::NowNs() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(time.tv_nsec);
}

void StageTimer::Begin() {
  began_ = ThreadClocks::Now();
  stall_meter_.Restart(began_);
  if (options_.allocation_count != nullptr) last_allocations_ = options_.allocation_count();
  last_ns_ = began_.wall_ns;
}

void StageTimer::End() {
  Took(Stage::kWait, 0, {});
  ended_ = ThreadClocks::Now();
  ended_.wall_ns = last_ns_;
}

void StageTimer::Took(Stage stage, size_t query, const StageWork& work) {
  const uint64_t now = NowNs();
  const uint64_t begin = last_ns_;
  const uint64_t took = now - begin;
  last_ns_ = now;
  calls_.Add(1);
  const size_t slot = SlotOf(stage, query);
  const uint64_t stalled = FindStall(stage, usual_ns_[slot], took);
  const uint64_t own = took - stalled;
  usual_ns_[slot] += own / 8 - usual_ns_[slot] / 8;
  if (stalled > 0) stalls_.Add(stalled);
  StageFigures& figures = figures_[slot];
  figures.own.Add(own);
  figures.events.Add(work.events);
  figures.bytes.Add(work.bytes);
  CountAllocations(figures);
  KeepSpan({begin, took, static_cast<uint32_t>(stalled / 1'000), static_cast<uint32_t>(query),
            static_cast<uint32_t>(work.events), stage});
}

// A thread that waits is not stalled, and what it does not run then says nothing later.
uint64_t StageTimer::FindStall(Stage stage, uint64_t usual_ns, uint64_t took_ns) {
  if (!options_.find_stalls) return 0;
  const bool waits = stage == Stage::kWait;
  if (took_ns < kShortestStallNs || (!waits && took_ns < kShortestStallNs + 2 * usual_ns)) return 0;
  stall_checks_.Add(1);
  const uint64_t stalled = stall_meter_.StalledWithin(took_ns, ThreadClocks::Now());
  return waits || stalled < kClockNoiseNs ? 0 : stalled;
}

void StageTimer::CountAllocations(StageFigures& figures) {
  if (options_.allocation_count == nullptr) return;
  const uint64_t count = options_.allocation_count();
  const uint64_t made = count - last_allocations_;
  last_allocations_ = count;
  if (made == 0) return;
  figures.allocations.Add(made);
  if (steady_.load(std::memory_order_relaxed)) figures.steady_allocations.Add(made);
}

void StageTimer::TookFromRing(uint64_t since_ns) {
  const uint64_t now = NowNs();
  const uint64_t lay = now > since_ns ? now - since_ns : 0;  // clocks of two processors
  figures_[SlotOf(Stage::kRingWait, 0)].own.Add(lay);
  KeepSpan({since_ns, lay, 0, 0, 0, Stage::kRingWait});
}

void StageTimer::KeepSpan(const StageSpan& span) {
  if (spans_.size() < options_.span_capacity) {
    spans_.push_back(span);
  } else {
    spans_left_out_ += options_.span_capacity > 0;
  }
}

}  // namespace onrush
