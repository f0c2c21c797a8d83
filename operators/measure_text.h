// Writes measures as JSON members.
#pragma once

#include <cstddef>
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

  // Appends the members, with commas between; append_value(i, out) appends the value of measure i.
  // Returns how often it returned false: values that stand as null because they left the range of
  // a double.
  template <typename AppendValueFn>
  uint64_t Append(AppendValueFn append_value, std::string& out) const {
    uint64_t overflows = 0;
    for (size_t i = 0; i < names_.size(); ++i) {
      if (i != 0) out.push_back(',');
      out += names_[i];
      if (!append_value(i, out)) ++overflows;
    }
    return overflows;
  }
  // The same of the values in `slot` of columns, one a measure.
  uint64_t Append(const std::vector<std::unique_ptr<Accumulators>>& columns, size_t slot,
                  std::string& out) const;

 private:
  std::vector<std::string> names_;  // "\"count\":"
};

}  // namespace onrush
