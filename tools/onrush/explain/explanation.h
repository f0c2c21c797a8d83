// What there is to say about a plan beyond what stands in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/plan.h"
#include "tools/engine/state_estimate.h"

namespace onrush {

// A key by which events of a stream are sent to shards. Each distinct key is encoded and hashed
// once, whatever the number of queries.
struct Route {
  std::vector<size_t> key;      // columns; empty: one shard has it all
  std::vector<size_t> queries;  // of the plan
};

// The panes of a windowed query.
struct PanesExplanation {
  int64_t per_window = 1;
  int64_t kept = 1;  // at most (tools/engine/panes_kept.h)
};

struct QueryExplanation {
  enum class Told {
    kWindowEnd,   // when the watermark reaches a window's end
    kArrival,     // velocity: when the event that flags has arrived
    kEveryEvent,  // running
    kEnd,         // running, emit = "final"
  };
  std::optional<PanesExplanation> panes;  // windowed queries
  Told told = Told::kWindowEnd;
  // An event is late when one that is this far past the end of its last window has come (velocity:
  // one further than this past its own time); none: nothing is late.
  std::optional<Duration> late_after;
  // velocity: events are forgotten when the newest one is this much newer.
  std::optional<Duration> events_kept;
  bool merged = false;  // the shards' results make one
  StateEstimate state;
};

struct Explanation {
  const Plan& plan;
  std::vector<std::vector<Route>> routes;  // by stream, in the order of the queries
  std::vector<QueryExplanation> queries;
};

// `plan` must outlive the result; memory is estimated for `keys` keys. Requires, costs and fails as
// EstimateState(), for each query.
absl::StatusOr<Explanation> Explain(const Plan& plan, uint64_t keys);

}  // namespace onrush
