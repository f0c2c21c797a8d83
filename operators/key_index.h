// Hashes of keys to ids.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "operators/key_bucket.h"

namespace onrush {

// Description
//   The index of a key table: buckets of one cache line with bits of the hash and the id for each
//   of eight keys; whether an id has the key that is meant, its owner says. It is 1,024 small
//   tables chosen by the top bits of the hash, each of which grows alone: no insert pays for a
//   rehash of everything (the worst on the way to 10 M keys took 0.6 ms, BM_KeyTable_WorstInsert).
//   They grow by a half. Find: one cache miss. Memory: 10 to 14 bytes a key where there are many.
// Implementation
//   The other bits of the hash, taken as a fraction, are the place of a key's home among the
//   buckets, of which there may be any number. A key stands in the first bucket from its home on
//   that had room, and those before it count it (KeyBucket): a search ends at a bucket that
//   no such key has passed, and erasing moves no other key and leaves no tombstone.
// Threads
//   One.
class KeyIndex {
 public:
  using Id = uint32_t;
  static constexpr Id kNone = UINT32_MAX;

  KeyIndex();

  // The bits of a hash that are kept.
  static uint32_t Fold(uint64_t hash) { return static_cast<uint32_t>(hash ^ hash >> 32); }

  // Where a key with this hash should stand. Valid until an id is inserted.
  const KeyBucket& Home(uint32_t hash) const {
    const Table& table = TableOf(hash);
    return table.At(HomeOf(KeyBucket::Tag(hash), table.count));
  }
  // The first key with this hash in its home, which is nearly always the one; kNone if there is
  // none there.
  static Id Candidate(const KeyBucket& home, uint32_t hash) {
    const uint32_t places = home.WithTag(KeyBucket::Tag(hash));
    // A free place has the id before the first, which is none.
    return places == 0 ? kNone : home.refs[std::countr_zero(places)] - 1;
  }
  // The key with this hash for whose id is_key(id) holds; if there is none, new_id(), which is now
  // in the index, unless it is kNone.
  template <typename IsKeyFn, typename NewIdFn>
  Id FindOrInsert(uint32_t hash, IsKeyFn is_key, NewIdFn new_id);

  // Requires: the id is in the index with this hash.
  void Erase(uint32_t hash, Id id);

  size_t memory_bytes() const;

 private:
  static constexpr int kTableBits = 10;
  static_assert(kTableBits == KeyBucket::kHashShift);  // a table knows the bits that a bucket drops

  struct Table {
    std::unique_ptr<KeyBucket[]> buckets;
    uint32_t count = 1;  // of buckets
    uint32_t room = MostIn(1);

    KeyBucket& At(uint32_t bucket) const { return buckets.get()[bucket]; }
  };

  // At most 7/8 full.
  static constexpr uint32_t MostIn(uint32_t buckets) { return buckets * (KeyBucket::kPlaces - 1); }
  Table& TableOf(uint32_t hash) { return tables_[hash >> (32 - kTableBits)]; }
  const Table& TableOf(uint32_t hash) const { return tables_[hash >> (32 - kTableBits)]; }
  // Of a table of `count` buckets.
  static uint32_t HomeOf(uint32_t tag, uint32_t count) {
    return static_cast<uint32_t>(uint64_t{tag} * count >> 32);
  }
  static uint32_t After(uint32_t bucket, uint32_t count) {
    return bucket + 1 == count ? 0 : bucket + 1;
  }
  template <typename IsKeyFn>
  static Id Search(const Table& table, uint32_t tag, IsKeyFn is_key);
  void Insert(Table& table, uint32_t tag, Id id);
  void Grow(Table& table);

  std::array<Table, size_t{1} << kTableBits> tables_;
  std::vector<uint8_t> filled_;  // scratch: how many places of a bucket are taken
};

template <typename IsKeyFn, typename NewIdFn>
KeyIndex::Id KeyIndex::FindOrInsert(uint32_t hash, IsKeyFn is_key, NewIdFn new_id) {
  Table& table = TableOf(hash);
  const uint32_t tag = KeyBucket::Tag(hash);
  const KeyBucket& home = table.At(HomeOf(tag, table.count));
  // Where nearly all searches for new keys end.
  const bool is_new = home.WithTag(tag) == 0 && !home.Passed(tag);
  if (!is_new) {
    const Id found = Search(table, tag, is_key);
    if (found != kNone) return found;
  }
  const Id id = new_id();
  if (id != kNone) Insert(table, tag, id);
  return id;
}

template <typename IsKeyFn>
[[gnu::noinline]] KeyIndex::Id KeyIndex::Search(const Table& table, uint32_t tag, IsKeyFn is_key) {
  const uint32_t home = HomeOf(tag, table.count);
  uint32_t i = home;
  do {
    const KeyBucket& bucket = table.At(i);
    for (uint32_t places = bucket.WithTag(tag); places != 0; places &= places - 1) {
      const uint32_t ref = bucket.refs[std::countr_zero(places)];
      if (ref != 0 && is_key(ref - 1)) return ref - 1;
    }
    if (!bucket.Passed(tag)) break;
    i = After(i, table.count);
  } while (i != home);
  return kNone;
}

inline void KeyIndex::Insert(Table& table, uint32_t tag, Id id) {
  if (table.room == 0) Grow(table);
  --table.room;
  for (uint32_t i = HomeOf(tag, table.count);; i = After(i, table.count)) {
    KeyBucket& bucket = table.At(i);
    if (const uint32_t free = bucket.Free(); free != 0) {
      return bucket.Set(std::countr_zero(free), tag, id + 1);
    }
    bucket.NotePassed(tag);
  }
}

inline void KeyIndex::Erase(uint32_t hash, Id id) {
  Table& table = TableOf(hash);
  const uint32_t tag = KeyBucket::Tag(hash);
  ++table.room;
  for (uint32_t i = HomeOf(tag, table.count);; i = After(i, table.count)) {
    KeyBucket& bucket = table.At(i);
    if (const uint32_t places = bucket.WithRef(id + 1); places != 0) {
      return bucket.Set(std::countr_zero(places), 0, 0);
    }
    bucket.ForgetPassed(tag);
  }
}

}  // namespace onrush
