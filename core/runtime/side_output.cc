#include "core/runtime/side_output.h"

#include <variant>

#include "core/json_text.h"
#include "core/key.h"
#include "core/time.h"
#include "fmt/format.h"

namespace onrush {
namespace {

std::string JsonString(std::string_view text) {
  std::string json;
  AppendJsonString(text, json);
  return json;
}

void AppendRaw(std::string_view raw, std::string& out) {
  if (IsUtf8(raw)) {
    out += ",\"raw\":";
    AppendJsonString(raw, out);
  } else {
    out += ",\"raw_base64\":\"";
    AppendBase64(raw, out);
    out += '"';
  }
  out += "}\n";
}

}  // namespace

SideOutput::SideOutput(const Plan& plan) : plan_(plan) {
  for (const StreamPlan& stream : plan.streams) stream_names_.push_back(JsonString(stream.name));
  for (const QueryPlan& query : plan.queries) query_names_.push_back(JsonString(query.name));
}

void SideOutput::AppendLate(const PreparedBatch& batch, std::string& out) const {
  const EventBatch& events = batch.events;
  std::string scratch;
  for (size_t i = 0; i < batch.late.size();) {
    const uint32_t row = batch.late[i].row;
    const int64_t time = events.times()[row];
    const int64_t watermark = events.watermarks.Before(row).ns;
    fmt::format_to(std::back_inserter(out), "{{\"stream\":{},\"seq\":{},\"time\":\"",
                   stream_names_[events.stream_index], events.first_seq + row);
    AppendInstant(time, out);
    out += "\",\"watermark\":\"";
    AppendInstant(watermark, out);
    const auto late_by_ms = static_cast<int64_t>((Int128{watermark} - time) / 1'000'000);
    fmt::format_to(std::back_inserter(out), "\",\"late_by_ms\":{},\"queries\":[", late_by_ms);
    for (size_t first = i; i < batch.late.size() && batch.late[i].row == row; ++i) {
      if (i != first) out += ',';
      fmt::format_to(std::back_inserter(out), "{{\"query\":{},\"missed\":{},\"counted\":{}}}",
                     query_names_[batch.late[i].query], batch.late[i].missed,
                     batch.late[i].counted);
    }
    out += ']';
    AppendRaw(events.Record(row, scratch), out);
  }
}

void SideOutput::AppendBad(const PreparedBatch& batch, std::string& out) const {
  const EventBatch& events = batch.events;
  size_t rejected = 0;
  const auto append_rejections_before = [&](uint32_t row) {
    for (; rejected < batch.rejected.size() && batch.rejected[rejected].row < row; ++rejected) {
      AppendBadLine(events, batch.rejected[rejected].row,
                    RejectionReason(events, batch.rejected[rejected]), out);
    }
  };
  for (const EventBatch::BadRow& bad : events.bad_rows) {
    append_rejections_before(bad.row);
    AppendBadLine(events, bad.row, bad.reason, out);
  }
  append_rejections_before(static_cast<uint32_t>(events.size));
}

void SideOutput::AppendBadLine(const EventBatch& events, uint32_t row, std::string_view reason,
                               std::string& out) const {
  fmt::format_to(std::back_inserter(out),
                 "{{\"stream\":{},\"file\":", stream_names_[events.stream_index]);
  AppendJsonString(events.FileOf(row), out);
  fmt::format_to(std::back_inserter(out), ",\"line\":{},\"seq\":{},\"reason\":", events.lines.Of(row),
                 events.first_seq + row);
  AppendJsonString(reason, out);
  std::string scratch;
  AppendRaw(events.Record(row, scratch), out);
}

std::string SideOutput::RejectionReason(const EventBatch& events,
                                        const RejectedEvent& rejected) const {
  const QueryPlan& query = plan_.queries[rejected.query];
  const size_t column = std::get<VelocityPlan>(query.kind).sum->column;
  std::string value;
  AppendJsonValue(events.columns[column], rejected.row, value);
  return fmt::format("{}: {}: negative value: '{}'", query.name,
                     plan_.streams[events.stream_index].column_name(column), value);
}

}  // namespace onrush
