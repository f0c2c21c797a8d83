// Which of some keys have enough in windows that overlap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "operators/pane_store.h"
#include "operators/window_totals.h"

namespace onrush {

// Description
//   WindowTotals::Search() for measures that can be taken back exactly: reads what a key has in
//   each pane once, and lets a total slide over that. `Total` as in sliding_totals.h.
// Threads
//   One.
template <typename Total>
class KeySearch {
 public:
  void Run(PaneStore& store, std::span<const KeyTable::Id> ids, int64_t panes,
           std::span<const WindowSearch> windows) {
    Look(store, windows.front().end - panes, windows.back().end);
    for (size_t i = 0; i < ids.size(); ++i) {
      if (i + kAhead < ids.size()) {
        for (const PaneStates& pane : panes_) pane.Prefetch(ids[i + kAhead]);
      }
      for (size_t pane = 0; pane < panes_.size(); ++pane) states_[pane] = panes_[pane].Of(ids[i]);
      Slide(ids[i], static_cast<size_t>(panes), windows);
    }
  }

 private:
  using State = typename Total::State;
  using Exact = decltype(Total::Exact(State()));
  static constexpr size_t kAhead = 8;

  // What keys have in one pane.
  struct PaneStates {
    State Of(KeyTable::Id id) const {
      if (id < direct_limit) return states[id];
      const uint32_t slot = keys == nullptr ? PaneKeys::kNone : keys->Find(id);
      return slot == PaneKeys::kNone ? State() : states[slot];
    }
    // In line, as SlotMap::Prefetch().
    [[gnu::always_inline]] void Prefetch(KeyTable::Id id) const {
      if (id < direct_limit) {
        __builtin_prefetch(states + id);
      } else if (keys != nullptr) {
        keys->Prefetch(id);
      }
    }
    const PaneKeys* keys = nullptr;  // null: there is no such pane
    const State* states = nullptr;
    size_t direct_limit = 0;  // ids below this are slots
  };

  void Look(PaneStore& store, int64_t first, int64_t end) {
    panes_.assign(static_cast<size_t>(end - first), PaneStates());
    states_.resize(panes_.size());
    for (const auto& [index, pane] : store.panes().Range(first, end)) {
      panes_[static_cast<size_t>(index - first)] = {
          &pane->keys, Total::States(*pane->measures[0]),
          pane->keys.direct() ? pane->keys.slot_limit() : 0};
    }
  }

  void Slide(KeyTable::Id id, size_t width, std::span<const WindowSearch> windows) const {
    State total = State();
    for (size_t i = 0; i + 1 < width; ++i) Total::Add(total, states_[i]);
    for (size_t i = 0; i < windows.size(); ++i) {
      Total::Add(total, states_[i + width - 1]);
      if (IsEnough(total, windows[i].least)) windows[i].found->push_back(id);
      Total::Subtract(total, states_[i]);
    }
  }
  static bool IsEnough(const State& total, const RankValue* least) {
    if (least != nullptr && Total::Exact(total) < static_cast<Exact>(least->exact)) return false;
    return !Total::IsEmpty(total);
  }

  std::vector<PaneStates> panes_;
  std::vector<State> states_;  // by pane: of one key
};

}  // namespace onrush
