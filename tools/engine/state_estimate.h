// How much memory a query's state takes.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "core/plan.h"

namespace onrush {

struct StateEstimate {
  uint64_t keys = 0;           // that the figures are for
  uint64_t least_bytes = 0;    // each key has one event
  uint64_t most_bytes = 0;     // each key has this many, one in each pane that is kept:
  int64_t events_per_key = 1;  // windows: panes kept; velocity: what flags; running: 1
};

// Keys that an estimate can be asked for.
inline constexpr uint64_t kMaxEstimateKeys = 1'000'000'000'000;

// Description
//   Measured, not computed: the query's operator is made, fed with events of up to 100,000 keys and
//   asked for its memory_bytes(), over all shards together. More keys and many panes are scaled
//   from that, by halves (tables double as they grow, so half the keys of a full table fill one of
//   half the size). Texts are taken to have StateProbe::kTextBytes bytes, and all values of a field
//   that is not part of the key to differ, which is the most for `distinct`. Not in it: what late
//   events make a fired window remember, and, for velocity, keys with more events than flag.
//   Where fewer keys are possible (no key, or only of type bool), the figures are for these.
// Cost
//   About 0.2 s and as much memory as 600,000 events take.
//
// For plan.queries[query]. Requires: 1 ≤ keys ≤ kMaxEstimateKeys. Fails as MakeOperator().
absl::StatusOr<StateEstimate> EstimateState(const Plan& plan, uint32_t query, uint64_t keys);

}  // namespace onrush
