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
  return Append([&](size_t i, std::string& text) { return columns[i]->AppendJson(slot, text); },
                out);
}

}  // namespace onrush
