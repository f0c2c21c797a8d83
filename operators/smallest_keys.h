// The smallest key of each block of ids.
#pragma once

#include <cstddef>
#include <cstdint>

#include "operators/id_block.h"
#include "operators/key_table.h"
#include "operators/page_array.h"

namespace onrush {

// Description
//   Says of 64 keys at once that none is smaller than another one, so that a choice among many keys
//   does not have to look at each. Found out when it is asked for, from the keys that came since.
// Threads
//   The table's.
class SmallestKeys {
 public:
  using Id = KeyTable::Id;

  // `keys` must outlive this, which must be the only one of it.
  explicit SmallestKeys(KeyTable& keys) : keys_(keys) { keys_.NoteChanges(); }

  // True if a key of the block is smaller than that of `than`. A key is read for each that was
  // inserted into the block since the last call; 64, if the smallest was erased.
  bool HasSmaller(size_t block, Id than) {
    smallest_.GrowTo(block + 1);
    Id& smallest = smallest_[block];
    const KeyTable::Changes changes = keys_.TakeChanges(block);
    const bool lost = smallest == kNone || (changes.changed & IdBit(smallest - 1)) != 0;
    if (lost) smallest = kNone;
    Update(block, lost ? changes.used : changes.used & changes.changed, smallest);
    return smallest != kNone && keys_.key(smallest - 1) < keys_.key(than);
  }

  // Asks for what HasSmaller() reads if nothing changed.
  void Prefetch(size_t block) const {
    if (block < smallest_.size() && smallest_[block] != kNone) keys_.Prefetch(smallest_[block] - 1);
  }

  size_t memory_bytes() const { return smallest_.memory_bytes(); }

 private:
  static constexpr Id kNone = 0;

  void Update(size_t block, uint64_t candidates, Id& smallest) const {
    ForEachId(block, candidates, [&](Id id) {
      if (smallest == kNone || keys_.key(id) < keys_.key(smallest - 1)) smallest = id + 1;
    });
  }

  KeyTable& keys_;
  PageArray<Id> smallest_;  // by block: the id plus one
};

}  // namespace onrush
