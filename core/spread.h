// Queries whose events need not all go to one shard.
#pragma once

#include <algorithm>

#include "core/plan.h"

namespace onrush {

// True if the events of a query may be spread over the shards, so long as what each shard counted
// is merged in the order of the events of each pane: an aggregate without a key, whose result comes
// at the end of a window or of the input. Sums of floats depend on how they are grouped: those stay
// together.
inline bool IsSpread(const StreamPlan& stream, const QueryPlan& query) {
  const auto* aggregate = std::get_if<AggregatePlan>(&query.kind);
  if (aggregate == nullptr || !query.key.empty()) return false;
  if (!aggregate->window && aggregate->emit == AggregatePlan::Emit::kChange) return false;
  return std::none_of(
      aggregate->compute.begin(), aggregate->compute.end(), [&](const MeasurePlan& measure) {
        const bool adds =
            measure.kind == MeasurePlan::Kind::kSum || measure.kind == MeasurePlan::Kind::kAvg;
        return adds && stream.column_type(measure.column).kind == TypeKind::kFloat;
      });
}

}  // namespace onrush
