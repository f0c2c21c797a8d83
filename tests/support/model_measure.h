// Measures over a list of events, computed from scratch.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/plan.h"
#include "tests/support/model_event.h"
#include "tests/support/model_value.h"

namespace onrush::model {

// The pane of an event time, in the order of time: float sums are taken pane by pane.
using PaneOf = std::function<Int128(Int128)>;

// The measure over `events`, which are in arrival order.
Value Measure(const MeasurePlan& measure, const StreamPlan& stream,
              const std::vector<const Event*>& events, const PaneOf& pane_of);

// The type of such a value.
ValueType MeasureType(const MeasurePlan& measure, const StreamPlan& stream);

// `,"count":3,"sum_amt":1.50`
std::string MeasureMembers(const std::vector<MeasurePlan>& measures, const StreamPlan& stream,
                           const std::vector<const Event*>& events, const PaneOf& pane_of);

}  // namespace onrush::model
