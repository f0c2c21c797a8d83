// Windows, found by walking from one to the next.
#pragma once

#include <vector>

#include "core/plan.h"
#include "tests/support/model_value.h"

namespace onrush::model {

struct Window {
  Int128 end = 0;
  Int128 start = 0;
  friend auto operator<=>(const Window&, const Window&) = default;
};

// The windows that hold `time`, earliest first.
std::vector<Window> WindowsOf(const WindowPlan& plan, Int128 time);

// The last moment at or before `time` at which windows start.
Int128 LastBoundary(const WindowPlan& plan, Int128 time);

}  // namespace onrush::model
