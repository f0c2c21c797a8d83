// Ids of a dictionary's texts, by their place in it.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "core/key.h"
#include "operators/key_index.h"

namespace onrush {

// What a key table has said about the entries of one dictionary, so that rows that have the same
// one need no look-up. One thread.
class DictionaryIds {
 public:
  // Whether rows of a batch are better asked about here: their keys are of a dictionary that is
  // known, or they are many enough to begin with it.
  bool IsFor(const KeyColumn& keys, size_t rows) const {
    return keys.codes != nullptr && (dictionary_ == keys.dictionary || rows * 8 >= keys.entries);
  }
  // By code; kNone: not known yet. May be written. Requires: the keys are of a dictionary.
  KeyIndex::Id* Of(const KeyColumn& keys) {
    if (dictionary_ != keys.dictionary) {
      dictionary_ = keys.dictionary;
      // Other dictionaries of the input are about as large.
      if (ids_.capacity() < keys.entries) ids_.reserve(std::bit_ceil(keys.entries));
      ids_.assign(keys.entries, KeyIndex::kNone);
    }
    return ids_.data();
  }
  // To be called when an id may be given to another key.
  void Forget() { dictionary_ = 0; }

  size_t memory_bytes() const { return ids_.capacity() * sizeof(KeyIndex::Id); }

 private:
  uint64_t dictionary_ = 0;  // its number; 0: none
  std::vector<KeyIndex::Id> ids_;
};

}  // namespace onrush
