// How much of event time a windowed query holds at once.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "core/plan.h"
#include "core/time.h"

namespace onrush {

// The most panes that an operator of `query`, which reads `stream`, can hold: those of a window,
// those that max_out_of_orderness and allowed_lateness keep open behind the newest event, and the
// one that the next event opens before any is dropped. Exact for fixed windows; for days of a time
// zone, exact for its clock changes from 1970 to 2037.
//
// Requires: the query has a window. Fails as WindowAssigner::Create(). 30 ms for a time zone.
absl::StatusOr<int64_t> PanesKept(const StreamPlan& stream, const QueryPlan& query);

}  // namespace onrush
