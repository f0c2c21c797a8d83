#include "operators/pane_store.h"

#include <algorithm>

namespace onrush {
namespace {

constexpr size_t kPrefetchDistance = 16;

}  // namespace

void Pane::Clear() {
  slots.Clear();
  ids.Resize(0);
  for (const auto& measure : measures) measure->Resize(0);
}

PaneStore::PaneStore(const StreamPlan& stream, const std::vector<MeasurePlan>& measures) {
  for (const MeasurePlan& measure : measures) {
    combined_.push_back(MakeAccumulators(stream, measure));
    combined_.back()->Resize(1);
  }
}

std::unique_ptr<Pane> PaneStore::NewPane() const {
  auto pane = std::make_unique<Pane>();
  for (const auto& measure : combined_) pane->measures.push_back(measure->NewEmpty());
  return pane;
}

Pane& PaneStore::Add(int64_t index, const EventBatch& batch, std::span<const uint32_t> rows,
                     const Id* ids) {
  Pane& pane = panes_.Open(index, [this] { return NewPane(); });
  slots_.resize(std::max(slots_.size(), rows.size()));
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i + kPrefetchDistance < rows.size()) pane.slots.Prefetch(ids[i + kPrefetchDistance]);
    slots_[i] = SlotFor(pane, ids[i]);
  }
  for (const auto& measure : pane.measures) {
    measure->Resize(pane.ids.size());
    measure->Add(batch, rows, slots_.data());
  }
  return pane;
}

void PaneStore::AddCounted(int64_t index, Id id,
                           const std::vector<std::unique_ptr<Accumulators>>& from,
                           size_t from_slot) {
  Pane& pane = panes_.Open(index, [this] { return NewPane(); });
  const uint32_t slot = SlotFor(pane, id);
  for (size_t i = 0; i < from.size(); ++i) {
    pane.measures[i]->Resize(pane.ids.size());
    pane.measures[i]->Combine(slot, *from[i], from_slot);
  }
}

uint32_t PaneStore::NewSlot(Pane& pane, Id id) {
  const auto slot = static_cast<uint32_t>(pane.ids.size());
  pane.slots.Insert(id, slot, keys_.id_limit());
  pane.ids.GrowTo(pane.ids.size() + 1);
  pane.ids[slot] = id;
  if (pane_counts_.size() < keys_.id_limit()) pane_counts_.resize(keys_.id_limit());
  ++pane_counts_[id];
  return slot;
}

const std::vector<PaneStore::Id>& PaneStore::KeysIn(int64_t first, int64_t end) {
  found_.clear();
  found_round_.resize(std::max(found_round_.size(), keys_.id_limit()));
  if (++round_ == 0) {
    std::fill(found_round_.begin(), found_round_.end(), 0u);
    round_ = 1;
  }
  for (auto* entry = panes_.LowerBound(first); entry != panes_.end() && entry->index < end;
       ++entry) {
    for (const Id id : entry->value->ids.elements()) {
      if (found_round_[id] == round_) continue;
      found_round_[id] = round_;
      found_.push_back(id);
    }
  }
  return found_;
}

bool PaneStore::Combine(Id id, int64_t first, int64_t end) {
  bool found = false;
  for (auto* entry = panes_.LowerBound(first); entry != panes_.end() && entry->index < end;
       ++entry) {
    const uint32_t slot = entry->value->slots.Find(id);
    if (slot == SlotMap::kNone) continue;
    for (size_t i = 0; i < combined_.size(); ++i) {
      if (!found) combined_[i]->Reset(0);
      combined_[i]->Combine(0, *entry->value->measures[i], slot);
    }
    found = true;
  }
  return found;
}

void PaneStore::DropBefore(int64_t first) {
  while (!panes_.empty() && panes_.first_index() < first) {
    const std::span<const Id> ids = panes_.begin()->value->ids.elements();
    found_.clear();
    for (size_t i = 0; i < ids.size(); ++i) {
      if (i + kPrefetchDistance < ids.size()) {
        __builtin_prefetch(&pane_counts_[ids[i + kPrefetchDistance]]);
      }
      if (--pane_counts_[ids[i]] == 0) found_.push_back(ids[i]);
    }
    keys_.EraseAll(found_);
    panes_.PopFront();
  }
}

size_t PaneStore::memory_bytes() {
  size_t bytes = keys_.memory_bytes() + pane_counts_.capacity() * sizeof(uint32_t) +
                 found_round_.capacity() * sizeof(uint32_t) + found_.capacity() * sizeof(Id);
  for (const auto& entry : panes_) {
    bytes += entry.value->slots.memory_bytes() + entry.value->ids.memory_bytes();
    for (const auto& measure : entry.value->measures) bytes += measure->memory_bytes();
  }
  return bytes;
}

}  // namespace onrush
