#include "tests/support/model.h"

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <optional>

#include "tests/support/model_event.h"
#include "tests/support/model_expression.h"
#include "tests/support/model_operators.h"
#include "tests/support/model_records.h"
#include "tests/support/model_text.h"
#include "tests/support/model_time.h"

namespace onrush {
namespace model {

namespace {

// Turns records into events: values, guards, derived fields, watermarks.
class EventReader {
 public:
  explicit EventReader(const StreamPlan& stream) : stream_(stream) {
    for (const DerivedPlan& derived : stream.derived) {
      derivations_.push_back(ParseModelExpression(stream, derived.expr.text));
    }
  }

  Event Read(const Record& record) {
    Event event;
    event.seq = next_seq_++;
    event.line = record.line;
    event.raw = record.raw;
    event.bad_reason = record.reason.empty() ? Fill(event, record) : record.reason;
    event.watermark_before = watermark_;
    if (event.bad_reason.empty()) {
      const Int128 least = std::numeric_limits<int64_t>::min();
      watermark_ = std::max({watermark_, event.time - stream_.max_out_of_orderness.ns, least});
    }
    event.watermark_after = watermark_;
    return event;
  }

 private:
  // Sets the values and the time; returns why the event is bad, or an empty text.
  std::string Fill(Event& event, const Record& record) {
    for (size_t i = 0; i < stream_.fields.size(); ++i) {
      const std::optional<Value> value = ReadField(stream_.fields[i].type, record.fields[i]);
      if (!value) return stream_.fields[i].name + ": not a value of its type";
      event.values.push_back(*value);
    }
    const Value& time = event.values[stream_.time_column];
    if (IsNull(time)) return "no time";
    event.time = std::get<Int128>(time);
    if (stream_.valid_from && event.time < stream_.valid_from->ns) return "before valid_from";
    if (stream_.valid_until && event.time >= stream_.valid_until->ns) return "after valid_until";
    for (size_t i = 0; i < derivations_.size(); ++i) {
      const DerivedPlan& derived = stream_.derived[i];
      Evaluation evaluation{event.values};
      const std::optional<Value> value = ToColumn(derivations_[i](evaluation), derived.type);
      if (!value || evaluation.overflow) return derived.name + ": the result does not fit its type";
      event.values.push_back(*value);
    }
    return "";
  }

  std::optional<Value> ReadField(ValueType type, const std::optional<std::string>& text) const {
    if (!text) return Value();
    if (type.kind != TypeKind::kTimestamp) return ParseValue(*text, type);
    const std::optional<Int128> time = ParseTime(*text, stream_.time_format);
    return time ? std::optional(Value(*time)) : std::nullopt;
  }

  const StreamPlan& stream_;
  std::vector<Expression> derivations_;
  uint64_t next_seq_ = 0;
  Int128 watermark_ = std::numeric_limits<int64_t>::min();
};

// What the queries say of the input as a whole.
struct Report {
  RunResult::QueryLedger ledger;
  std::vector<Line> lines;
  std::map<uint64_t, std::string> late;      // by seq: this query's entry in the late line
  std::map<uint64_t, std::string> rejected;  // by seq: the reason
};

// The key of an event, or nothing if one of its columns is null.
std::optional<Key> KeyOf(const QueryPlan& query, const Event& event) {
  Key key;
  for (const size_t column : query.key) {
    if (IsNull(event.values[column])) return std::nullopt;
    key.push_back(event.values[column]);
  }
  return key;
}

void Book(const QueryPlan& query, const Event& event, const Verdict& verdict, Report& report) {
  if (!verdict.rejected.empty()) {
    ++report.ledger.rejected;
    report.rejected[event.seq] = verdict.rejected;
    return;
  }
  ++(verdict.counted > 0 ? report.ledger.counted : report.ledger.late);
  if (verdict.missed == 0) return;
  if (verdict.counted > 0) ++report.ledger.partly_late;
  report.late[event.seq] = "{\"query\":" + JsonString(query.name) +
                           ",\"missed\":" + std::to_string(verdict.missed) +
                           ",\"counted\":" + std::to_string(verdict.counted) + '}';
}

Report RunQuery(const Plan& plan, size_t index, const std::vector<Event>& events) {
  const QueryPlan& query = plan.queries[index];
  std::optional<Expression> where;
  if (query.where) where = ParseModelExpression(plan.streams[query.stream], query.where->text);
  const std::unique_ptr<ModelOperator> worker = MakeModelOperator(plan, index);
  Report report;
  Int128 watermark = std::numeric_limits<int64_t>::min();
  for (const Event& event : events) {
    if (!event.bad_reason.empty()) continue;
    const std::optional<Key> key = KeyOf(query, event);
    Evaluation evaluation{event.values};
    if (where && !IsTrue((*where)(evaluation))) {
      ++report.ledger.filtered;
    } else if (!key) {
      ++report.ledger.skipped_null_key;
    } else {
      Book(query, event, worker->Offer(event, *key), report);
    }
    worker->Advance(event.seq, event.watermark_before, event.watermark_after);
    watermark = event.watermark_after;
  }
  worker->Advance(events.size(), watermark, kEndOfInput);
  report.lines = std::move(worker->lines);
  return report;
}

std::string ResultLines(const std::vector<Report>& reports) {
  std::vector<Line> lines;
  for (const Report& report : reports) {
    lines.insert(lines.end(), report.lines.begin(), report.lines.end());
  }
  std::stable_sort(lines.begin(), lines.end());
  std::string text;
  for (const Line& line : lines) text += line.text + '\n';
  return text;
}

std::string LateLines(const StreamPlan& stream, const std::vector<Event>& events,
                      const std::vector<Report>& reports) {
  std::string text;
  for (const Event& event : events) {
    std::string queries;
    for (const Report& report : reports) {
      const auto entry = report.late.find(event.seq);
      if (entry == report.late.end()) continue;
      queries += (queries.empty() ? "" : ",") + entry->second;
    }
    if (queries.empty()) continue;
    const Int128 late_by = Floor(event.watermark_before - event.time, 1'000'000);
    text += "{\"stream\":" + JsonString(stream.name) + ",\"seq\":" + std::to_string(event.seq) +
            ",\"time\":\"" + InstantText(event.time) + "\",\"watermark\":\"" +
            InstantText(event.watermark_before) +
            "\",\"late_by_ms\":" + JsonValue(late_by, {TypeKind::kInt}) + ",\"queries\":[" +
            queries + "]," + RawMember(event.raw) + "}\n";
  }
  return text;
}

std::string BadLine(const StreamPlan& stream, const InputText& input, const Event& event,
                    const std::string& reason) {
  return "{\"stream\":" + JsonString(stream.name) + ",\"file\":" + JsonString(input.file) +
         ",\"line\":" + std::to_string(event.line) + ",\"seq\":" + std::to_string(event.seq) +
         ",\"reason\":" + JsonString(reason) + ',' + RawMember(event.raw) + "}\n";
}

std::string BadLines(const StreamPlan& stream, const InputText& input,
                     const std::vector<Event>& events, const std::vector<Report>& reports) {
  std::string text;
  for (const Event& event : events) {
    if (!event.bad_reason.empty()) text += BadLine(stream, input, event, event.bad_reason);
    for (const Report& report : reports) {
      const auto entry = report.rejected.find(event.seq);
      if (entry != report.rejected.end()) text += BadLine(stream, input, event, entry->second);
    }
  }
  return text;
}

}  // namespace
}  // namespace model

RunResult RunModel(const Plan& plan, const InputText& input) {
  using namespace model;
  const StreamPlan& stream = plan.streams[input.stream];
  EventReader reader(stream);
  std::vector<Event> events;
  RunResult::StreamLedger ledger;
  for (const Record& record : ReadRecords(stream, input)) {
    events.push_back(reader.Read(record));
    ++ledger.read;
    if (!events.back().bad_reason.empty()) ++ledger.bad;
  }
  std::vector<Report> reports;
  RunResult result;
  result.streams = {ledger};
  for (size_t i = 0; i < plan.queries.size(); ++i) {
    reports.push_back(RunQuery(plan, i, events));
    result.queries.push_back(reports.back().ledger);
  }
  result.results = ResultLines(reports);
  result.late = LateLines(stream, events, reports);
  result.bad = BadLines(stream, input, events, reports);
  return result;
}

}  // namespace onrush
