#include "tools/onrush/percentiles.h"

#include "core/int128.h"
#include "fmt/format.h"

namespace onrush {

std::string PercentilesJson(const Histogram& histogram) {
  std::string out = fmt::format(R"({{"count":{},"sum":)", histogram.count());
  AppendInt128(histogram.sum(), out);
  for (const NamedShare& one : kPercentiles) {
    out += fmt::format(R"(,"{}":{})", one.name, histogram.Percentile(one.share));
  }
  return out + fmt::format(R"(,"max":{}}})", histogram.max());
}

}  // namespace onrush
