// Where the engine says that a stage is done.
#pragma once

#include <cstddef>

#include "core/metrics/stage_timer.h"

// USDT probes: a `nop` in the code and a note in the program that tells bpftrace and perf where it
// is. From systemtap-sdt-dev; without it the program has none.
#if __has_include(<sys/sdt.h>)
#include <sys/sdt.h>
#define ONRUSH_PROBE_STAGE(name, query, events, bytes) \
  DTRACE_PROBE4(onrush, stage, name, query, events, bytes)
#else
#define ONRUSH_PROBE_STAGE(name, query, events, bytes)
#endif

namespace onrush {

// What this thread did since its last call was `stage`. Costs a branch if `timer` is null, as it is
// unless somebody measures. In line, so that each place has its probe.
[[gnu::always_inline]] inline void StageDone(StageTimer* timer, Stage stage, const StageWork& work,
                                             size_t query = 0,
                                             [[maybe_unused]] const char* query_name = "") {
  ONRUSH_PROBE_STAGE(StageName(stage), query_name, work.events, work.bytes);
  if (timer != nullptr) [[unlikely]] {
    timer->Took(stage, query, work);
  }
}

}  // namespace onrush
