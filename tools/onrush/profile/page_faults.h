// Pages that a process touched first, and pages that had to come from the disk.
#pragma once

#include "tools/onrush/profile/report.h"

namespace onrush {

// Of all threads since the process began.
PageFaults PageFaultsSoFar();

inline PageFaults operator-(const PageFaults& a, const PageFaults& b) {
  return {a.minor - b.minor, a.major - b.major};
}

}  // namespace onrush
