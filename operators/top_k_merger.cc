#include "operators/top_k_merger.h"

#include <algorithm>
#include <utility>

#include "core/json_text.h"
#include "core/status_macros.h"

namespace onrush {
namespace {

// Counts are integers, sums have the type of what they add up.
ValueType RankedType(const StreamPlan& stream, const MeasurePlan& by) {
  if (by.kind != MeasurePlan::Kind::kSum) return {TypeKind::kInt};
  return stream.column_type(by.column);
}

const PartialTops& Tops(const PartialResults* part) {
  return static_cast<const PartialTops&>(*part);
}

}  // namespace

TopList& PartialTops::Add(uint64_t seq, int64_t window_end) {
  if (size_ == tops_.size()) tops_.emplace_back();
  Top& top = tops_[size_++];
  top.seq = seq;
  top.window_end = window_end;
  top.list.Clear();
  return top.list;
}

void TopKMerger::Window::Clear() {
  for (TopList& list : shards) list.Clear();
  emitted.Clear();
  next_revision = 0;
}

absl::StatusOr<std::unique_ptr<TopKMerger>> TopKMerger::Create(const Plan& plan, uint32_t query) {
  ONRUSH_ASSIGN_OR_RETURN(WindowAssigner assigner,
                          WindowAssigner::Create(*plan.queries[query].window()));
  return std::unique_ptr<TopKMerger>(new TopKMerger(plan, query, std::move(assigner)));
}

TopKMerger::TopKMerger(const Plan& plan, uint32_t query, WindowAssigner assigner)
    : query_plan_(plan.queries[query]),
      plan_(std::get<TopKPlan>(query_plan_.kind)),
      value_type_(RankedType(plan.streams[query_plan_.stream], plan_.by)),
      codec_(plan.streams[query_plan_.stream], query_plan_.key),
      value_name_(JsonMemberName(plan_.by.name)),
      frontier_{std::move(assigner), query_plan_.allowed_lateness},
      lines_(query_plan_.name, query) {}

std::unique_ptr<PartialResults> TopKMerger::NewPartial() const {
  return std::make_unique<PartialTops>();
}

void TopKMerger::Merge(std::span<PartialResults* const> parts, ResultLines& results) {
  next_.assign(parts.size(), 0);
  const auto unfinished = [&] {
    for (size_t i = 0; i < parts.size(); ++i) {
      if (next_[i] < Tops(parts[i]).size()) return true;
    }
    return false;
  };
  while (unfinished()) {
    const Position position = NextPosition(parts);
    Window& window = windows_.Open(position.window_end, [] { return std::make_unique<Window>(); });
    window.shards.resize(parts.size());
    for (size_t i = 0; i < parts.size(); ++i) {
      if (next_[i] == Tops(parts[i]).size()) continue;
      const PartialTops::Top& top = Tops(parts[i]).top(next_[i]);
      if (Position{top.seq, top.window_end} != position) continue;
      window.shards[i] = top.list;
      ++next_[i];
    }
    MergeWindow(window);
    if (merged_ == window.emitted) continue;
    EmitLine(position, window.next_revision++, results);
    window.emitted = merged_;
  }
}

TopKMerger::Position TopKMerger::NextPosition(std::span<PartialResults* const> parts) const {
  Position first{UINT64_MAX, INT64_MAX};
  for (size_t i = 0; i < parts.size(); ++i) {
    if (next_[i] == Tops(parts[i]).size()) continue;
    const PartialTops::Top& top = Tops(parts[i]).top(next_[i]);
    first = std::min(first, Position{top.seq, top.window_end});
  }
  return first;
}

void TopKMerger::MergeWindow(const Window& window) {
  merged_.Clear();
  heads_.assign(window.shards.size(), 0);
  while (merged_.size() < plan_.k) {
    const TopList* best = nullptr;
    size_t best_shard = 0;
    for (size_t i = 0; i < window.shards.size(); ++i) {
      const TopList& list = window.shards[i];
      if (heads_[i] == list.size()) continue;
      if (best != nullptr && !TopList::Before(list, heads_[i], *best, heads_[best_shard])) continue;
      best = &list;
      best_shard = i;
    }
    if (best == nullptr) return;
    const size_t entry = heads_[best_shard]++;
    merged_.Append(best->key(entry), best->value(entry));
  }
}

void TopKMerger::EmitLine(const Position& position, uint64_t revision, ResultLines& results) {
  lines_.Begin(frontier_.assigner, position.window_end, position.seq, revision, {}, results);
  std::string& text = results.text();
  text += ",\"top\":[";
  for (size_t i = 0; i < merged_.size(); ++i) AppendRanked(i, text);
  text += "]}";
  results.End();
}

void TopKMerger::AppendRanked(size_t i, std::string& text) const {
  text += i == 0 ? "{\"rank\":" : ",{\"rank\":";
  AppendInt128(static_cast<int64_t>(i + 1), text);
  text.push_back(',');
  codec_.AppendJsonMembers(merged_.key(i), text);
  text += value_name_;
  if (value_type_.kind == TypeKind::kFloat) {
    AppendJsonFloat(merged_.value(i).approximate, text);
  } else {
    AppendDecimal(merged_.value(i).exact, value_type_.scale, text);
  }
  text.push_back('}');
}

void TopKMerger::Forget(EventTime watermark) {
  frontier_.Advance(watermark);
  while (!windows_.empty() && windows_.first_index() <= frontier_.closed) windows_.PopFront();
}

}  // namespace onrush
