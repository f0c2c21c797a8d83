#include "operators/window_totals.h"

#include "operators/count_totals.h"
#include "operators/folded_totals.h"
#include "operators/sliding_totals.h"

namespace onrush {

std::unique_ptr<WindowTotals> MakeWindowTotals(const StreamPlan& stream, const MeasurePlan& measure,
                                               PaneStore& store) {
  if (measure.kind == MeasurePlan::Kind::kCount) return std::make_unique<CountTotals>(store);
  if (measure.kind == MeasurePlan::Kind::kSum &&
      IsExactNumber(stream.column_type(measure.column))) {
    return std::make_unique<SlidingTotals<SumTotal>>(store);
  }
  return std::make_unique<FoldedTotals>(store);
}

}  // namespace onrush
