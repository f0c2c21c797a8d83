// A plan as the text of a pipeline file, for messages of failed tests and for replaying them.
#pragma once

#include <string>

#include "core/plan.h"

namespace onrush {

// Requires: the plan has one stream.
std::string PlanText(const Plan& plan);

}  // namespace onrush
