// The state of a windowed query: what each key did in each pane.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/event_batch.h"
#include "core/plan.h"
#include "operators/accumulators.h"
#include "operators/id_marks.h"
#include "operators/index_map.h"
#include "operators/key_table.h"
#include "operators/pane_keys.h"

namespace onrush {

// One slide's worth of events: for each key that has any, a slot in every measure's column.
struct Pane {
  void Clear();
  // Asks for what an event of a key touches, as far as that is known.
  void Prefetch(KeyTable::Id id) const {
    keys.Prefetch(id);
    if (!keys.direct()) return;
    for (const auto& measure : measures) measure->Prefetch(id);
  }

  PaneKeys keys;
  std::vector<std::unique_ptr<Accumulators>> measures;
};

// Description
//   Owns the panes that some window still needs, and the keys: a key is forgotten when the last
//   pane that has it is dropped. A window's value for a key is the combination of the key's slots
//   in the window's panes, from the oldest on.
// Threads
//   One.
class PaneStore {
 public:
  using Id = KeyTable::Id;

  PaneStore(const StreamPlan& stream, const std::vector<MeasurePlan>& measures);

  KeyTable& keys() { return keys_; }
  const KeyTable& keys() const { return keys_; }

  // Counts events of one pane, in arrival order; ids[i] is the key of rows[i].
  Pane& Add(int64_t pane, const EventBatch& batch, std::span<const uint32_t> rows, const Id* ids);
  // Counts what stands in slot `from_slot` of `from`, by measure: later events of the key.
  void AddCounted(int64_t pane, Id id, const std::vector<std::unique_ptr<Accumulators>>& from,
                  size_t from_slot);

  // The existing panes, in order.
  IndexMap<Pane>& panes() { return panes_; }

  // The keys that occur in the panes first … end − 1, each once, in no particular order. Valid
  // until the next call.
  const std::vector<Id>& KeysIn(int64_t first, int64_t end);

  // Combines the slots of `id` in the panes first … end − 1, for every measure. False if it has
  // none. The result stands in slot 0 of each of combined() until the next call.
  bool Combine(Id id, int64_t first, int64_t end) { return Combine(id, panes_.Range(first, end)); }
  const std::vector<std::unique_ptr<Accumulators>>& combined() const { return combined_; }

  // The same for each of `ids`; their misses overlap. Calls visit(id) for those that have any.
  template <typename VisitFn>
  void CombineEach(std::span<const Id> ids, int64_t first, int64_t end, VisitFn visit);

  // Drops the panes before `first`, and the keys that occur in no other.
  void DropBefore(int64_t first);

  // An empty column for the store's measure number `measure`.
  std::unique_ptr<Accumulators> NewColumn(size_t measure) const {
    return combined_[measure]->NewEmpty();
  }

  size_t memory_bytes();

 private:
  std::unique_ptr<Pane> NewPane() const;
  // The pane with this number. A new one is direct if the newest one has half of the keys or more.
  Pane& Open(int64_t pane);
  // The slots of ids[0 … count − 1]; valid until the next call.
  const uint32_t* SlotsFor(Pane& pane, const Id* ids, size_t count);
  uint32_t SlotFor(Pane& pane, Id id) {
    const uint32_t found = pane.keys.Find(id);
    return found != PaneKeys::kNone ? found : NewSlot(pane, id);
  }
  uint32_t NewSlot(Pane& pane, Id id);
  using Panes = std::span<const IndexMap<Pane>::Entry>;
  bool Combine(Id id, Panes panes);
  // Into found_: the keys of the first pane that occur in no other.
  void FindLeaving();
  bool OccursInDirectPane(Id id);

  KeyTable keys_;
  IndexMap<Pane> panes_;
  std::vector<uint32_t> pane_counts_;  // by id: the panes that it occurs in, without direct ones
  std::vector<std::unique_ptr<Accumulators>> combined_;

  // Scratch, kept to not allocate.
  std::vector<uint32_t> slots_;
  std::vector<Id> found_;
  IdMarks met_;  // in KeysIn()
};

template <typename VisitFn>
void PaneStore::CombineEach(std::span<const Id> ids, int64_t first, int64_t end, VisitFn visit) {
  constexpr size_t kAhead = 8;
  const Panes panes = panes_.Range(first, end);
  for (size_t i = 0; i < ids.size(); ++i) {
    if (i + kAhead < ids.size()) {
      for (const auto& entry : panes) entry.value->keys.Prefetch(ids[i + kAhead]);
    }
    if (Combine(ids[i], panes)) visit(ids[i]);
  }
}

}  // namespace onrush
