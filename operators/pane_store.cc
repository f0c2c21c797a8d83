#include "operators/pane_store.h"

#include <algorithm>

namespace onrush {
namespace {

constexpr size_t kPrefetchDistance = 16;

}  // namespace

void Pane::Clear() {
  keys.Clear();
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

Pane& PaneStore::Open(int64_t index) {
  if (Pane* pane = panes_.Find(index)) return *pane;
  const bool direct =
      !panes_.empty() && (panes_.end() - 1)->value->keys.size() * 2 >= keys_.id_limit();
  Pane& pane = panes_.Open(index, [this] { return NewPane(); });
  pane.keys.Start(direct);
  return pane;
}

Pane& PaneStore::Add(int64_t index, const EventBatch& batch, std::span<const uint32_t> rows,
                     const Id* ids) {
  Pane& pane = Open(index);
  const uint32_t* const slots = SlotsFor(pane, ids, rows.size());
  for (const auto& measure : pane.measures) {
    measure->Resize(pane.keys.slot_limit());
    measure->Add(batch, rows, slots);
  }
  return pane;
}

void PaneStore::AddCounted(int64_t index, Id id,
                           const std::vector<std::unique_ptr<Accumulators>>& from,
                           size_t from_slot) {
  Pane& pane = Open(index);
  const uint32_t slot = *SlotsFor(pane, &id, 1);
  for (size_t i = 0; i < from.size(); ++i) {
    pane.measures[i]->Resize(pane.keys.slot_limit());
    pane.measures[i]->Combine(slot, *from[i], from_slot);
  }
}

const uint32_t* PaneStore::SlotsFor(Pane& pane, const Id* ids, size_t count) {
  if (pane.keys.direct()) {
    pane.keys.GrowTo(keys_.id_limit());
    for (size_t i = 0; i < count; ++i) pane.keys.AddDirect(ids[i]);
    return ids;
  }
  slots_.resize(std::max(slots_.size(), count));
  for (size_t i = 0; i < count; ++i) {
    if (i + kPrefetchDistance < count) pane.keys.Prefetch(ids[i + kPrefetchDistance]);
    slots_[i] = SlotFor(pane, ids[i]);
  }
  return slots_.data();
}

uint32_t PaneStore::NewSlot(Pane& pane, Id id) {
  if (pane_counts_.size() < keys_.id_limit()) pane_counts_.resize(keys_.id_limit());
  ++pane_counts_[id];
  return pane.keys.Add(id, keys_.id_limit());
}

const std::vector<PaneStore::Id>& PaneStore::KeysIn(int64_t first, int64_t end) {
  found_.clear();
  met_.Clear(keys_.id_limit());
  for (const auto& entry : panes_.Range(first, end)) {
    entry.value->keys.ForEach([this](Id id, uint32_t) {
      if (met_.Mark(id)) found_.push_back(id);
    });
  }
  return found_;
}

bool PaneStore::Combine(Id id, Panes panes) {
  bool found = false;
  for (const auto& entry : panes) {
    const uint32_t slot = entry.value->keys.Find(id);
    if (slot == PaneKeys::kNone) continue;
    for (size_t i = 0; i < combined_.size(); ++i) {
      if (!found) combined_[i]->Reset(0);
      combined_[i]->Combine(0, *entry.value->measures[i], slot);
    }
    found = true;
  }
  return found;
}

void PaneStore::DropBefore(int64_t first) {
  while (!panes_.empty() && panes_.first_index() < first) {
    FindLeaving();
    keys_.EraseAll(found_);
    panes_.PopFront();
  }
}

void PaneStore::FindLeaving() {
  found_.clear();
  const PaneKeys& keys = panes_.begin()->value->keys;
  const std::span<const Id> ids = keys.ids();
  for (size_t i = 0; i < ids.size(); ++i) {
    if (i + kPrefetchDistance < ids.size()) {
      __builtin_prefetch(&pane_counts_[ids[i + kPrefetchDistance]]);
    }
    if (--pane_counts_[ids[i]] == 0 && !OccursInDirectPane(ids[i])) found_.push_back(ids[i]);
  }
  // In a busy stream nearly all keys occur in the newest pane, too.
  for (size_t block = 0; block < keys.blocks(); ++block) {
    uint64_t bits = keys.Block(block);
    for (auto* pane = panes_.end() - 1; bits != 0 && pane != panes_.begin(); --pane) {
      bits &= ~pane->value->keys.Block(block);
    }
    ForEachId(block, bits, [this](Id id) {
      if (id >= pane_counts_.size() || pane_counts_[id] == 0) found_.push_back(id);
    });
  }
}

bool PaneStore::OccursInDirectPane(Id id) {
  for (auto* pane = panes_.end(); pane != panes_.begin();) {
    if ((--pane)->value->keys.Occurs(id)) return true;
  }
  return false;
}

size_t PaneStore::memory_bytes() {
  size_t bytes = keys_.memory_bytes() + pane_counts_.capacity() * sizeof(uint32_t) +
                 met_.memory_bytes() + found_.capacity() * sizeof(Id);
  for (const auto& entry : panes_) {
    bytes += entry.value->keys.memory_bytes();
    for (const auto& measure : entry.value->measures) bytes += measure->memory_bytes();
  }
  return bytes;
}

}  // namespace onrush
