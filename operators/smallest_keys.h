// The smallest key of each block of ids.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "operators/id_block.h"
#include "operators/key_table.h"
#include "operators/page_array.h"

namespace onrush {

// Description
//   Says of 64 keys at once that none is smaller than another one, so that a choice among many keys
//   does not have to look at each. Found out when it is asked for, from the keys that came since.
//   How the smallest key of a block begins stands beside its id, so that those of all blocks are
//   read in a row; the key itself only where that does not decide.
// Threads
//   The table's.
class SmallestKeys {
 public:
  using Id = KeyTable::Id;

  // `keys` must outlive this, which must be the only one of it.
  explicit SmallestKeys(KeyTable& keys) : keys_(keys) { keys_.NoteChanges(); }

  // The first 16 bytes of a key as numbers, filled up with zeros: different ones are ordered as
  // their keys.
  struct Beginning {
    uint64_t first = 0;
    uint64_t second = 0;
    friend auto operator<=>(const Beginning&, const Beginning&) = default;
  };
  // A key, and how it begins.
  struct Begun {
    Beginning beginning;
    Id id = kNone;
  };
  static constexpr Id kNone = UINT32_MAX;

  // Requires: the id is in use.
  Begun KeyOf(Id id) const { return {BeginningOf(keys_.key(id)), id}; }
  // Blocks below this may be asked for from now on.
  void GrowTo(size_t blocks) { blocks_.GrowTo(blocks); }
  // The id of the smallest key of the block; kNone if it has none. A key is read for each that was
  // inserted into the block since the last call; 64, if the smallest was erased.
  Id Of(size_t block) { return Now(block).id - 1; }
  // True if a key of the block is smaller than that one. Costs the same.
  bool HasSmaller(size_t block, const Begun& than) {
    const Smallest& smallest = Now(block);
    if (smallest.id == 0) return false;
    if (smallest.beginning != than.beginning) return smallest.beginning < than.beginning;
    return keys_.key(smallest.id - 1) < keys_.key(than.id);
  }

  size_t memory_bytes() const { return blocks_.memory_bytes(); }

 private:
  struct Smallest {
    Beginning beginning;
    Id id = 0;  // plus one; 0: none
  };

  static Beginning BeginningOf(std::string_view key) {
    uint64_t words[2] = {};
    if (!key.empty()) std::memcpy(words, key.data(), std::min(key.size(), sizeof(words)));
    if constexpr (std::endian::native == std::endian::little) {
      for (uint64_t& word : words) word = __builtin_bswap64(word);
    }
    return {words[0], words[1]};
  }

  const Smallest& Now(size_t block) {
    Smallest& smallest = blocks_[block];
    const KeyTable::Changes changes = keys_.TakeChanges(block);
    if (changes.changed != 0) Update(block, changes, smallest);
    return smallest;
  }
  [[gnu::noinline]] void Update(size_t block, KeyTable::Changes changes, Smallest& smallest) const {
    const bool lost = smallest.id == 0 || (changes.changed & IdBit(smallest.id - 1)) != 0;
    if (lost) smallest = Smallest();
    ForEachId(block, lost ? changes.used : changes.used & changes.changed, [&](Id id) {
      if (smallest.id == 0 || keys_.key(id) < keys_.key(smallest.id - 1)) smallest.id = id + 1;
    });
    if (smallest.id != 0) smallest.beginning = BeginningOf(keys_.key(smallest.id - 1));
  }

  KeyTable& keys_;
  PageArray<Smallest> blocks_;
};

}  // namespace onrush
