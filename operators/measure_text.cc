#include "operators/measure_text.h"

#include "core/json_text.h"

namespace onrush {

MeasureText::MeasureText(const std::vector<MeasurePlan>& measures) {
  for (const MeasurePlan& measure : measures) {
    std::string& name = names_.emplace_back();
    AppendJsonString(measure.name, name);
    name += ':';
  }
}

uint64_t MeasureText::Append(const std::vector<std::unique_ptr<Accumulators>>& columns, size_t slot,
                             std::string& out) const {
  uint64_t overflows = 0;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (i != 0) out.push_back(',');
    out += names_[i];
    if (!columns[i]->AppendJson(slot, out)) ++overflows;
  }
  return overflows;
}

}  // namespace onrush
