#include "tools/onrush/profile/report.h"

namespace onrush {

Durations Summarize(const Histogram& histogram) {
  return {.count = histogram.count(),
          .sum = histogram.sum(),
          .p50 = histogram.Percentile(0.5),
          .p90 = histogram.Percentile(0.9),
          .p99 = histogram.Percentile(0.99),
          .p99_9 = histogram.Percentile(0.999),
          .p99_99 = histogram.Percentile(0.9999),
          .max = histogram.max()};
}

}  // namespace onrush
