// Which columns of a stream anybody reads.
#pragma once

#include <cstddef>
#include <vector>

#include "core/plan.h"

namespace onrush {

// By column of plan.streams[stream]: whether its time, a derived field, or a query's key, condition
// or measures need it.
std::vector<bool> UsedColumns(const Plan& plan, size_t stream);

}  // namespace onrush
