#include "operators/velocity_lines.h"

#include <cmath>

#include "core/json_text.h"
#include "core/time.h"

namespace onrush {
VelocityLineWriter::VelocityLineWriter(const Plan& plan, uint32_t query)
    : query_(query),
      plan_(std::get<VelocityPlan>(plan.queries[query].kind)),
      codec_(plan.streams[plan.queries[query].stream], plan.queries[query].key),
      prefix_("{\"query\":") {
  AppendJsonString(plan.queries[query].name, prefix_);
  prefix_ += ",\"seq\":";
  const StreamPlan& stream = plan.streams[plan.queries[query].stream];
  if (plan_.distinct) {
    distinct_name_ = JsonMemberName("distinct_" + stream.column_name(plan_.distinct->column));
  }
  if (plan_.sum) {
    sum_type_ = stream.column_type(plan_.sum->column);
    sum_name_ = JsonMemberName("sum_" + stream.column_name(plan_.sum->column));
  }
}

bool VelocityLineWriter::Append(uint64_t seq, uint64_t event_seq, int64_t time,
                                std::string_view key, const VelocityMeasures& measures,
                                ResultLines& results) {
  results.Begin(LinePlace::ForEvent(seq, query_, EventTime{time}, event_seq), key);
  std::string& text = results.text();
  text += prefix_;
  AppendInt128(seq, text);
  text += ",\"event_seq\":";
  AppendInt128(event_seq, text);
  text += ",\"time\":\"";
  time_text_.Append(time, text);
  text += "\",";
  codec_.AppendJsonMembers(key, text);
  text += ",\"count\":";
  AppendInt128(measures.count, text);
  if (plan_.distinct) {
    text += distinct_name_;
    AppendInt128(measures.distinct, text);
  }
  const bool in_range = AppendSum(measures, text);
  text += ",\"window_start\":\"";
  window_start_text_.Append(WideTime{time} - plan_.within.ns, text);
  text += "\"}";
  results.End();
  return in_range;
}

bool VelocityLineWriter::AppendSum(const VelocityMeasures& measures, std::string& text) const {
  if (!plan_.sum) return true;
  text += sum_name_;
  if (sum_type_.kind != TypeKind::kFloat) {
    AppendDecimal(measures.sum, sum_type_.scale, text);
  } else if (std::isfinite(measures.sum_float)) {
    AppendJsonFloat(measures.sum_float, text);
  } else {
    text += "null";
    return false;
  }
  return true;
}

}  // namespace onrush
