#include "tools/onrush/profile/report.h"

namespace onrush {

Durations Summarize(const Histogram& histogram) {
  Durations durations{.count = histogram.count(),
                      .sum = static_cast<uint64_t>(histogram.sum()),
                      .max = histogram.max()};
  for (size_t i = 0; i < durations.percentiles.size(); ++i) {
    durations.percentiles[i] = histogram.Percentile(kPercentiles[i].share);
  }
  return durations;
}

}  // namespace onrush
