#include "operators/velocity_lines.h"

#include <cmath>

#include "core/json_text.h"
#include "core/time.h"
#include "operators/short_text.h"

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
  ShortText<128> event;
  event.Int(seq);
  event.Text(",\"event_seq\":");
  event.Int(event_seq);
  event.Text(",\"time\":\"");
  event.Text(time_text_.Format(time));
  event.Text("\",");
  text += event.view();
  codec_.AppendJsonMembers(key, text);
  const bool in_range = AppendMeasures(measures, text);
  ShortText<64> window;
  window.Text(",\"window_start\":\"");
  window.Text(window_start_text_.Format(WideTime{time} - plan_.within.ns));
  window.Text("\"}");
  text += window.view();
  results.End();
  return in_range;
}

bool VelocityLineWriter::AppendMeasures(const VelocityMeasures& measures, std::string& text) const {
  ShortText<32> count;
  count.Text(",\"count\":");
  count.Int(measures.count);
  text += count.view();
  if (plan_.distinct) {
    text += distinct_name_;
    ShortText<20> distinct;
    distinct.Int(measures.distinct);
    text += distinct.view();
  }
  return AppendSum(measures, text);
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
