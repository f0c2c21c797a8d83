// A pipeline in words.
#pragma once

#include <string>

#include "core/plan.h"

namespace onrush {

// Some lines on each stream and query: what it reads, what it computes, and when an event is late
// for it.
std::string DescribePlan(const Plan& plan);

}  // namespace onrush
