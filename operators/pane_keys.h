// The keys that occur in one pane, and where its columns have them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "operators/id_block.h"
#include "operators/page_array.h"
#include "operators/slot_map.h"

namespace onrush {

// Description
//   A direct pane has a key in the slot of its id, and a bit for each id: for panes in which most
//   keys occur, as those of a busy stream do; totals over it are plain loops. Any other pane gives
//   a key the next slot when it first occurs, so that it takes memory for what is in it.
// Threads
//   One.
class PaneKeys {
 public:
  using Id = uint32_t;
  static constexpr uint32_t kNone = SlotMap::kNone;

  // Without keys, as a direct pane or not. Requires: it has none, from the beginning or by Clear().
  void Start(bool direct);
  void Clear();

  bool direct() const { return direct_; }
  size_t size() const { return size_; }
  // All slots are below this.
  size_t slot_limit() const { return direct_ ? words_.size() * kIdBlock : ids_.size(); }

  uint32_t Find(Id id) const {
    if (!direct_) return slots_.Find(id);
    return Occurs(id) ? id : kNone;
  }
  // True if it is direct and has the key.
  bool Occurs(Id id) const {
    return id / kIdBlock < words_.size() && (words_[id / kIdBlock] & IdBit(id)) != 0;
  }
  // The keys of a block of ids. Requires: direct().
  uint64_t Block(size_t block) const { return block < words_.size() ? words_[block] : 0; }
  size_t blocks() const { return words_.size(); }

  // Asks for what Find() touches.
  void Prefetch(Id id) const {
    if (!direct_) return slots_.Prefetch(id);
    __builtin_prefetch(words_.data() + id / kIdBlock);
  }
  // Ids below `limit` may be added from now on. Requires: direct().
  void GrowTo(size_t limit) { words_.GrowTo((limit + kIdBlock - 1) / kIdBlock); }
  // Its slot is its id. Requires: direct().
  void AddDirect(Id id) {
    uint64_t& word = words_[id / kIdBlock];
    size_ += (word & IdBit(id)) == 0;
    word |= IdBit(id);
  }
  // Gives a key that is not there the next slot. Requires: !direct(); id < id_limit.
  uint32_t Add(Id id, size_t id_limit);

  // The keys by slot. Requires: !direct().
  std::span<const Id> ids() const { return ids_.elements(); }
  // Calls visit(id, slot) for every key.
  template <typename VisitFn>
  void ForEach(VisitFn visit) const;

  size_t memory_bytes() const {
    return slots_.memory_bytes() + ids_.memory_bytes() + words_.memory_bytes();
  }

 private:
  bool direct_ = false;
  size_t size_ = 0;
  SlotMap slots_;
  PageArray<Id> ids_;  // by slot
  PageArray<uint64_t> words_;
};

template <typename VisitFn>
void PaneKeys::ForEach(VisitFn visit) const {
  for (size_t slot = 0; slot < ids_.size(); ++slot) visit(ids_[slot], static_cast<uint32_t>(slot));
  for (size_t block = 0; block < words_.size(); ++block) {
    ForEachId(block, words_[block], [&](Id id) { visit(id, id); });
  }
}

}  // namespace onrush
