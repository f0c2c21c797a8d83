// What a stopwatch costs on this machine.
#pragma once

#include "core/metrics/stage_timer.h"
#include "tools/onrush/profile/report.h"

namespace onrush {

// Times the calls of stopwatches like those of the run, of which there were as many as `overhead`
// says; sets what one costs. Takes a few milliseconds.
void MeasureCosts(const StageTimerOptions& options, Overhead& overhead);

}  // namespace onrush
