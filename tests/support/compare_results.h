// Tells where two runs differ.
#pragma once

#include <string>

#include "tests/support/run_result.h"

namespace onrush {

// Empty if the runs say the same, else the first line or count that differs, from both. The reasons
// in the bad output are left out: only their presence is laid down.
std::string FirstDifference(const RunResult& expected, const RunResult& actual);

}  // namespace onrush
