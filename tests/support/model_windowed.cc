#include "tests/support/model_windowed.h"

#include "tests/support/model_text.h"
#include "tests/support/model_time.h"

namespace onrush::model {

ModelWindowed::ModelWindowed(const Plan& plan, size_t query)
    : query_(plan.queries[query]),
      stream_(plan.streams[query_.stream]),
      plan_(*query_.window()),
      query_index_(query) {}

Verdict ModelWindowed::Offer(const Event& event, const Key& key) {
  Verdict verdict;
  const Int128 watermark = event.watermark_before;
  for (const Window& window : WindowsOf(plan_, event.time)) {
    if (watermark >= window.end + query_.allowed_lateness.ns) {
      ++verdict.missed;
      continue;
    }
    ++verdict.counted;
    const GroupId id{window, GroupOf(key)};
    Group& group = groups_[id];
    group.events.push_back(&event);
    group.changed = true;
    const bool fired = watermark >= window.end;
    if (fired && query_.late_updates == QueryPlan::LateUpdates::kEach) {
      TellIfNew(event.seq, id, group);
    }
  }
  return verdict;
}

void ModelWindowed::Advance(uint64_t seq, Int128 from, Int128 to) {
  if (to == from) return;
  const bool crosses_slide = to == kEndOfInput || LastBoundary(plan_, to) > from;
  for (auto entry = groups_.begin(); entry != groups_.end();) {
    auto& [id, group] = *entry;
    const Int128 end = id.first.end;
    const Int128 closes_at = end + query_.allowed_lateness.ns;
    const bool fires = from < end && end <= to;
    const bool closes = from < closes_at && closes_at <= to;
    const bool fired_before = end <= from;
    if (fires || (fired_before && group.changed && (crosses_slide || closes))) {
      TellIfNew(seq, id, group);
    }
    entry = closes ? groups_.erase(entry) : std::next(entry);
  }
}

void ModelWindowed::TellIfNew(uint64_t seq, const GroupId& id, Group& group) {
  const auto& [window, key] = id;
  group.changed = false;
  const std::string members = Render(key, group.events);
  if (members == (group.told.empty() ? Nothing() : group.told)) return;
  group.told = members;
  Line line;
  line.seq = seq;
  line.of_window = true;
  line.window_end = window.end;
  line.window_start = window.start;
  line.query = query_index_;
  line.key = key;
  line.revision = group.next_revision++;
  line.text = "{\"query\":" + JsonString(query_.name) + ",\"seq\":" + std::to_string(seq) +
              ",\"window_start\":\"" + InstantText(window.start) + "\",\"window_end\":\"" +
              InstantText(window.end) + "\",\"revision\":" + std::to_string(line.revision) + ',' +
              members + '}';
  lines.push_back(line);
}

}  // namespace onrush::model
