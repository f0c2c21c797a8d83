// Somebody who looks on while files are replayed.
#pragma once

#include "core/plan.h"
#include "tools/engine/engine.h"
#include "tools/onrush/progress.h"
#include "tools/onrush/run_report.h"

namespace onrush {

// Called by the thread that replays, in this order.
class ReplayWatcher {
 public:
  virtual ~ReplayWatcher() = default;
  // The engine is about to be made: it may be given stopwatches.
  virtual void BeforeEngine(const Plan& plan, EngineOptions& options) = 0;
  virtual void OnStart() = 0;
  // Another block was read; `figures.events` are with the shards by now.
  virtual void OnBlock(const ProgressFigures& figures) = 0;
  virtual void OnInputEnd(const ProgressFigures& figures) = 0;
  // The engine has stopped, perhaps by a failure.
  virtual void OnStop() = 0;
  // All went well.
  virtual void OnEnd(const Engine& engine, const RunReport& report) = 0;
};

}  // namespace onrush
