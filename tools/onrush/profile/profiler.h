// Measures a replay.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/metrics/stage_timer.h"
#include "tools/onrush/profile/report.h"
#include "tools/onrush/replay_watcher.h"

namespace onrush {

struct ProfilerOptions {
  uint64_t host_watch_ns = 200'000'000;  // how long to look for the host's stalls, before the run
  size_t span_capacity = 0;              // spans to keep for a trace, per thread
};

// Description
//   Gives the engine a stopwatch for each thread, notes page faults at the turning points of the
//   run, and puts together what they say.
// Threads
//   The one that replays. The stopwatches' threads have ended when it ends.
class Profiler : public ReplayWatcher {
 public:
  explicit Profiler(const ProfilerOptions& options) : options_(options) {}

  void BeforeEngine(const Plan& plan, EngineOptions& engine) override;
  void OnStart() override;
  void OnBlock(const ProgressFigures& figures) override;
  void OnInputEnd(const ProgressFigures& figures) override;
  void OnStop() override;
  void OnEnd(const Engine& engine, const RunReport& report) override;

  // After OnEnd().
  const Profile& profile() const { return profile_; }
  const std::vector<std::unique_ptr<StageTimer>>& timers() const { return timers_; }

 private:
  // How a run whose size is not known beforehand warms up.
  static constexpr uint64_t kWarmUpEvents = 1'000'000;

  bool IsWarm(const ProgressFigures& figures) const;
  void SetSteady(bool steady);
  void EndPart(RunPart& part, uint64_t events);
  ThreadProfile ProfileOf(const std::vector<const StageTimer*>& timers, const Plan& plan) const;
  void AddStates(const Engine& engine);
  void AddOverhead();
  void AddTrace();

  const ProfilerOptions options_;
  StageTimerOptions timer_options_;
  std::vector<std::unique_ptr<StageTimer>> timers_;
  bool warm_ = false;
  // Where the part of the run began that is not over yet.
  uint64_t part_events_ = 0;
  PageFaults part_faults_;
  Profile profile_;
};

}  // namespace onrush
