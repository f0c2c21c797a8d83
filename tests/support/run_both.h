// Runs a plan through the engine and the model.
#pragma once

#include <string>

#include "core/plan.h"
#include "tests/support/run_result.h"

namespace onrush {

// What the engine says of one CSV input, having checked (doctest) that the model says the same.
RunResult RunBoth(const Plan& plan, const std::string& text);

}  // namespace onrush
