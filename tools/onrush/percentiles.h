// Which percentiles are told.
#pragma once

#include <string>
#include <string_view>

#include "core/metrics/histogram.h"

namespace onrush {

struct NamedShare {
  std::string_view name;
  double share;
};
// The first is the median.
inline constexpr NamedShare kPercentiles[] = {
    {"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}, {"p99.99", 0.9999}};

// {"count":…,"sum":…,"p50":…,…,"max":…}, in the histogram's unit.
std::string PercentilesJson(const Histogram& histogram);

}  // namespace onrush
