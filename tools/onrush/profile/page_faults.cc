#include "tools/onrush/profile/page_faults.h"

#include <sys/resource.h>

namespace onrush {

PageFaults PageFaultsSoFar() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return {static_cast<uint64_t>(usage.ru_minflt), static_cast<uint64_t>(usage.ru_majflt)};
}

}  // namespace onrush
