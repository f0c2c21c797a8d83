#include "tests/realdata/naive_velocity.h"

#include <algorithm>
#include <set>

#include "fmt/format.h"
#include "tests/realdata/decimal_text.h"
#include "tests/realdata/utc_text.h"

namespace onrush::realdata {
namespace {

template <typename Entries>
auto FirstAfter(Entries& entries, int64_t time) {
  return std::upper_bound(entries.begin(), entries.end(), time,
                          [](int64_t t, const auto& entry) { return t < entry.event.time; });
}

}  // namespace

std::string NaiveVelocity::Arrive(const Event& event) {
  Key& key = keys_[event.key];
  key.entries.insert(FirstAfter(key.entries, event.time), {event});
  std::string lines;
  for (auto entry = FirstAfter(key.entries, event.time - 1);
       entry != key.entries.end() && entry->event.time <= event.time + query_.within; ++entry) {
    if (entry->flagged) continue;
    const Measures measures = Measure(key, entry->event.time);
    if (!Meets(measures)) continue;
    entry->flagged = true;
    if (IsCooling(key, entry->event.time)) continue;
    key.told.push_back(entry->event.time);
    lines += Line(event.seq, entry->event, measures);
  }
  return lines;
}

std::vector<uint64_t> NaiveVelocity::Flagged() const {
  std::vector<uint64_t> flagged;
  for (const auto& [_, key] : keys_) {
    for (const Entry& entry : key.entries) {
      if (entry.flagged) flagged.push_back(entry.event.seq);
    }
  }
  std::sort(flagged.begin(), flagged.end());
  return flagged;
}

// Over the trailing window of an event at `time`.
NaiveVelocity::Measures NaiveVelocity::Measure(const Key& key, int64_t time) const {
  Measures measures;
  std::set<int64_t> values;
  for (auto entry = FirstAfter(key.entries, time); entry != key.entries.begin();) {
    --entry;
    if (entry->event.time < time - query_.within) break;
    ++measures.count;
    measures.sum += entry->event.amount;
    if (query_.distinct) values.insert(entry->event.value);
  }
  measures.distinct = static_cast<int64_t>(values.size());
  return measures;
}

bool NaiveVelocity::Meets(const Measures& measures) const {
  if (query_.count_over && measures.count <= *query_.count_over) return false;
  if (query_.distinct && measures.distinct < query_.distinct->at_least) return false;
  return !query_.sum || measures.sum > query_.sum->over;
}

bool NaiveVelocity::IsCooling(const Key& key, int64_t time) const {
  if (!query_.cooldown) return false;
  return std::any_of(key.told.begin(), key.told.end(),
                     [&](int64_t told) { return told <= time && time <= told + *query_.cooldown; });
}

std::string NaiveVelocity::Line(uint64_t seq, const Event& event, const Measures& measures) const {
  std::string line = fmt::format(
      R"({{"query":"{}","seq":{},"event_seq":{},"time":"{}","{}":{},"count":{})", query_.name, seq,
      event.seq, UtcText(event.time), query_.key_field, event.key, measures.count);
  if (query_.distinct) {
    line += fmt::format(R"(,"distinct_{}":{})", query_.distinct->field, measures.distinct);
  }
  if (query_.sum) {
    line += fmt::format(R"(,"sum_{}":{})", query_.sum->field,
                        DecimalText(measures.sum, query_.sum->scale));
  }
  return line + fmt::format(R"(,"window_start":"{}"}})", UtcText(event.time - query_.within)) +
         '\n';
}

}  // namespace onrush::realdata
