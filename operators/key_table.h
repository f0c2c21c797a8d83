// Keys to dense ids, and what is kept for each.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/check.h"
#include "core/key.h"
#include "operators/dictionary_ids.h"
#include "operators/id_block.h"
#include "operators/key_index.h"
#include "operators/key_slot.h"
#include "operators/page_array.h"

namespace onrush {

// Description
//   A hash table that gives every key a small id; ids of erased keys are reused, so that columns
//   indexed by id stay dense. The key and a state of the owner's stand in a slot of one cache line;
//   the id is the slot's number. Intern() asks for index and slots ahead of time, so that misses
//   overlap.
//   FindOrInsert: two cache misses, three for keys that are too long for their slot. Memory: 10 to
//   14 bytes a key for the index, 32 or 64 for the slot, and the bytes of long keys.
// Threads
//   One.
template <typename State>
class BasicKeyTable {
 public:
  using Id = KeyIndex::Id;

  // At most so many keys at a time: others are refused.
  void SetLimit(size_t keys) { limit_ = keys; }

  // Ids of the keys of `rows`, into `ids`, in the order of `rows`; new keys get an id. Returns the
  // rows whose keys have one: `rows`, or, where keys were refused, those that are left (valid until
  // the next call), with their ids.
  // Where they are of a dictionary, mostly without a look-up.
  std::span<const uint32_t> Intern(const KeyColumn& keys, std::span<const uint32_t> rows, Id* ids) {
    if (dictionary_ids_.IsFor(keys, rows.size())) return InternByCodes(keys, rows, ids);
    return InternByKeys(keys, rows, ids, [](uint32_t, Id, State&) {});
  }
  // The same, and calls visit(row, id, state) for each of them, while the state is at hand.
  template <typename VisitFn>
  std::span<const uint32_t> Intern(const KeyColumn& keys, std::span<const uint32_t> rows, Id* ids,
                                   VisitFn visit);
  // kRefused for a new key beyond the limit. Requires: `hash` is the same for the same key at every
  // call.
  static constexpr Id kRefused = KeyIndex::kNone;
  Id FindOrInsert(std::string_view key, uint64_t hash);

  // Forgets a key; its id may be given to another. Requires: the id is in use.
  void Erase(Id id);
  // Forgets some; their misses overlap.
  void EraseAll(std::span<const Id> ids);

  // Requires: the id is in use. Valid until a key is inserted or this one erased.
  std::string_view key(Id id) const { return slots_[id].key(long_keys_); }
  // What is kept with a key; zeros for a new one.
  State& state(Id id) { return slots_[id].state(); }
  const State& state(Id id) const { return slots_[id].state(); }
  // Asks for a slot's memory.
  void Prefetch(Id id) const { __builtin_prefetch(slots_.data() + id); }
  // Asks for what Erase() touches beside the slot, which it reads.
  void PrefetchIndex(Id id) const { __builtin_prefetch(&index_.Home(slots_[id].hash())); }

  // Of a block of ids: which are in use, and which were given a key or lost it since the last call;
  // of all blocks from NoteChanges() on, which must come before the first key.
  struct Changes {
    uint64_t used;
    uint64_t changed;
  };
  void NoteChanges() { notes_changes_ = true; }
  Changes TakeChanges(size_t block) {
    changes_.GrowTo(block + 1);
    const Changes changes = changes_[block];
    if (changes.changed != 0) changes_[block].changed = 0;
    return changes;
  }

  // How often a key was refused.
  uint64_t refused() const { return refused_; }
  // Ids in use.
  size_t size() const { return size_; }
  // All ids are below this.
  size_t id_limit() const { return slots_.size(); }
  size_t memory_bytes() const {
    return index_.memory_bytes() + slots_.memory_bytes() + long_keys_.memory_bytes() +
           free_ids_.memory_bytes() + dictionary_ids_.memory_bytes() + changes_.memory_bytes();
  }

 private:
  // Enough that a line is there when its turn comes, few enough to stay in L1.
  static constexpr size_t kGroup = 64;
  // Slots that are visited later and on their way.
  static constexpr size_t kVisitAhead = 16;
  // New keys whose slots are on their way.
  static constexpr size_t kFreeAhead = 4;

  std::span<const uint32_t> InternByCodes(const KeyColumn& keys, std::span<const uint32_t> rows,
                                          Id* ids);
  template <typename VisitFn>
  std::span<const uint32_t> InternByKeys(const KeyColumn& keys, std::span<const uint32_t> rows,
                                         Id* ids, VisitFn visit);
  template <typename VisitFn>
  void InternGroups(const KeyColumn& keys, std::span<const uint32_t> rows, Id* ids, VisitFn visit) {
    for (size_t begin = 0; begin < rows.size(); begin += kGroup) {
      const size_t count = std::min(kGroup, rows.size() - begin);
      InternGroup(keys, rows.data() + begin, count, ids + begin, visit);
    }
  }
  template <typename VisitFn>
  void InternGroup(const KeyColumn& keys, const uint32_t* rows, size_t count, Id* ids,
                   VisitFn visit);
  Id FindOrInsertFolded(std::string_view key, uint32_t hash);
  // An id for a key that has none, or kRefused.
  Id NewKey(std::string_view key, uint32_t hash);
  Id TakeId();
  void NoteChange(Id id) {
    if (!notes_changes_) return;
    changes_.GrowTo(id / kIdBlock + 1);
    changes_[id / kIdBlock].used ^= IdBit(id);
    changes_[id / kIdBlock].changed |= IdBit(id);
  }
  std::span<const uint32_t> LeaveOutRefused(std::span<const uint32_t> rows, Id* ids);

  static_assert(sizeof(KeySlot<State>) == KeySlot<State>::kBytes);

  KeyIndex index_;
  PageArray<KeySlot<State>> slots_;  // by id
  LongKeys long_keys_;
  PageArray<Id> free_ids_;  // given again, the last one first: its slot may still be in a cache
  size_t size_ = 0;
  size_t limit_ = SIZE_MAX;
  uint64_t refused_ = 0;
  DictionaryIds dictionary_ids_;
  // Scratch.
  std::vector<uint32_t> admitted_rows_;
  std::vector<uint32_t> unknown_rows_;  // whose entries are not known …
  std::vector<uint32_t> unknown_at_;    // … and which of the rows they are
  std::vector<Id> unknown_ids_;
  PageArray<Changes> changes_;  // by block
  bool notes_changes_ = false;
};

using KeyTable = BasicKeyTable<NoState>;

template <typename State>
template <typename VisitFn>
std::span<const uint32_t> BasicKeyTable<State>::Intern(const KeyColumn& keys,
                                                       std::span<const uint32_t> rows, Id* ids,
                                                       VisitFn visit) {
  if (!dictionary_ids_.IsFor(keys, rows.size())) return InternByKeys(keys, rows, ids, visit);
  rows = InternByCodes(keys, rows, ids);
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i + kVisitAhead < rows.size()) Prefetch(ids[i + kVisitAhead]);
    visit(rows.data()[i], ids[i], slots_[ids[i]].state());
  }
  return rows;
}

template <typename State>
template <typename VisitFn>
std::span<const uint32_t> BasicKeyTable<State>::InternByKeys(const KeyColumn& keys,
                                                             std::span<const uint32_t> rows,
                                                             Id* ids, VisitFn visit) {
  const uint64_t refused_before = refused_;
  InternGroups(keys, rows, ids, visit);
  return refused_ == refused_before ? rows : LeaveOutRefused(rows, ids);
}

// Entries that are not known, the first time or since they were refused, are looked up.
template <typename State>
std::span<const uint32_t> BasicKeyTable<State>::InternByCodes(const KeyColumn& keys,
                                                              std::span<const uint32_t> rows,
                                                              Id* ids) {
  Id* const by_code = dictionary_ids_.Of(keys);
  if (unknown_rows_.size() < rows.size()) {
    for (auto* const list : {&unknown_rows_, &unknown_at_, &unknown_ids_})
      list->resize(rows.size());
  }
  size_t unknown = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    const uint32_t row = rows.data()[i];
    ids[i] = by_code[keys.codes[row]];
    unknown_rows_.data()[unknown] = row;
    unknown_at_.data()[unknown] = static_cast<uint32_t>(i);
    unknown += ids[i] == KeyIndex::kNone;
  }
  const uint64_t refused_before = refused_;
  const std::span<const uint32_t> unknown_rows = std::span(unknown_rows_).first(unknown);
  InternGroups(keys, unknown_rows, unknown_ids_.data(), [](uint32_t, Id, State&) {});
  for (size_t i = 0; i < unknown; ++i) {
    ids[unknown_at_[i]] = unknown_ids_[i];
    by_code[keys.codes[unknown_rows_[i]]] = unknown_ids_[i];
  }
  return refused_ == refused_before ? rows : LeaveOutRefused(rows, ids);
}

// Three steps over a group of rows, so that what a row waits for was asked for while the others had
// their turn, and misses overlap. Between the last two, ids[] holds candidates.
template <typename State>
template <typename VisitFn>
void BasicKeyTable<State>::InternGroup(const KeyColumn& keys, const uint32_t* rows, size_t count,
                                       Id* ids, VisitFn visit) {
  const uint64_t* const hashes = keys.hashes.data();
  const std::string_view* const bytes = keys.bytes.data();
  uint32_t folded[kGroup];
  const KeyBucket* homes[kGroup];
  for (size_t i = 0; i < count; ++i) {
    folded[i] = KeyIndex::Fold(hashes[rows[i]]);
    homes[i] = &index_.Home(folded[i]);
    __builtin_prefetch(homes[i]);
  }
  for (size_t i = 0; i < count; ++i) {
    ids[i] = KeyIndex::Candidate(*homes[i], folded[i]);
    if (ids[i] != KeyIndex::kNone) Prefetch(ids[i]);
  }
  for (size_t i = 0; i < count; ++i) {
    const std::string_view key = bytes[rows[i]];
    if (ids[i] == KeyIndex::kNone || !slots_[ids[i]].Holds(key, long_keys_)) {
      ids[i] = FindOrInsertFolded(key, folded[i]);
      if (ids[i] == kRefused) continue;
    }
    visit(rows[i], ids[i], slots_[ids[i]].state());
  }
}

template <typename State>
std::span<const uint32_t> BasicKeyTable<State>::LeaveOutRefused(std::span<const uint32_t> rows,
                                                                Id* ids) {
  admitted_rows_.clear();
  for (size_t i = 0; i < rows.size(); ++i) {
    if (ids[i] == kRefused) continue;
    ids[admitted_rows_.size()] = ids[i];
    admitted_rows_.push_back(rows[i]);
  }
  return admitted_rows_;
}

template <typename State>
typename BasicKeyTable<State>::Id BasicKeyTable<State>::FindOrInsert(std::string_view key,
                                                                     uint64_t hash) {
  return FindOrInsertFolded(key, KeyIndex::Fold(hash));
}

template <typename State>
typename BasicKeyTable<State>::Id BasicKeyTable<State>::FindOrInsertFolded(std::string_view key,
                                                                           uint32_t hash) {
  ONRUSH_DCHECK(key.size() < UINT32_MAX);
  return index_.FindOrInsert(
      hash, [&](Id id) { return slots_[id].Holds(key, long_keys_); },
      [&] { return NewKey(key, hash); });
}

template <typename State>
typename BasicKeyTable<State>::Id BasicKeyTable<State>::NewKey(std::string_view key,
                                                               uint32_t hash) {
  if (size_ >= limit_) {
    ++refused_;
    return kRefused;
  }
  const Id id = TakeId();
  slots_[id].SetKey(key, hash, long_keys_);
  NoteChange(id);
  ++size_;
  return id;
}

template <typename State>
typename BasicKeyTable<State>::Id BasicKeyTable<State>::TakeId() {
  if (const size_t free = free_ids_.size(); free > 0) {
    const Id id = free_ids_[free - 1];
    free_ids_.Resize(free - 1);
    if (free > kFreeAhead) Prefetch(free_ids_[free - 1 - kFreeAhead]);
    return id;
  }
  ONRUSH_CHECK(slots_.size() < UINT32_MAX - 1);
  slots_.GrowTo(slots_.size() + 1);
  return static_cast<Id>(slots_.size() - 1);
}

template <typename State>
void BasicKeyTable<State>::Erase(Id id) {
  index_.Erase(slots_[id].hash(), id);
  slots_[id].RemoveKey(long_keys_);
  free_ids_.Append(id);
  dictionary_ids_.Forget();
  NoteChange(id);
  --size_;
}

template <typename State>
void BasicKeyTable<State>::EraseAll(std::span<const Id> ids) {
  while (!ids.empty()) {
    const std::span<const Id> some = ids.first(std::min(ids.size(), size_t{64}));
    for (const Id id : some) Prefetch(id);
    for (const Id id : some) PrefetchIndex(id);
    for (const Id id : some) Erase(id);
    ids = ids.subspan(some.size());
  }
}

}  // namespace onrush
