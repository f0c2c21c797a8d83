// Writes measures as JSON members.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/plan.h"
#include "operators/accumulators.h"

namespace onrush {

// `"count":3,"sum_amt":1.50` One thread.
class MeasureText {
 public:
  explicit MeasureText(const std::vector<MeasurePlan>& measures);

  // Appends the members of `slot`, one per column, with commas between. Returns how many values
  // stand as null because they left the range of a double.
  uint64_t Append(const std::vector<std::unique_ptr<Accumulators>>& columns, size_t slot,
                  std::string& out) const;

 private:
  std::vector<std::string> names_;  // "\"count\":"
};

}  // namespace onrush
