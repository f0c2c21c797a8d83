// The naive model: what onrush should say, computed as simply as possible from the documented
// semantics, with no code in common with the engine but the plan. It keeps every event and computes
// every result from scratch, so it takes quadratic time: for inputs of a few hundred events.
//
// Reading order: model.cc (the way of an event), model_records.h (model_csv.cc, model_json.cc),
// model_value.h, model_time.h, model_zone.h, model_expression.h, model_rational.h, model_event.h,
// model_windowed.h, model_top_k.cc, model_aggregate.cc, model_velocity.cc, model_measure.h,
// model_window.h, model_text.h.
#pragma once

#include "core/plan.h"
#include "tests/support/run_result.h"

namespace onrush {

// Requires: a valid plan with one stream, expressions with their text, velocity amounts with their
// text as plain decimals; a CSV header that fits the plan.
RunResult RunModel(const Plan& plan, const InputText& input);

}  // namespace onrush
