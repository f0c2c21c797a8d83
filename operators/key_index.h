// Hashes of keys to ids.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "operators/key_bucket.h"

namespace onrush {

// Description
//   The index of a key table: buckets of one cache line with 32 bits of the hash and the id for
//   each of eight keys; whether an id has the key that is meant, its owner says. It is 1,024 small
//   tables chosen by the top bits of the hash, each of which grows alone: no insert pays for a
//   rehash of everything (the worst on the way to 10 M keys took 0.6 ms, BM_KeyTable_WorstInsert).
//   They grow by a half. Find: one cache miss. Memory: 10 to 14 bytes a key where there are many.
// Implementation
//   The other bits of the hash, taken as a fraction, are the place of a key's home among the
//   buckets, of which there may be any number. A key stands in the first bucket from its home on
//   that had room; a search ends at a bucket that has. Erasing moves back a key that had passed a
//   full bucket, so that there are no tombstones.
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
    return table.buckets[HomeOf(hash, table.count)];
  }
  // The first key with this hash in its home, which is nearly always the one; kNone if there is
  // none there.
  static Id Candidate(const KeyBucket& home, uint32_t hash) {
    const uint32_t places = home.WithHash(hash);
    // A free place has the id before the first, which is none.
    return places == 0 ? kNone : home.refs[std::countr_zero(places)] - 1;
  }
  // The key with this hash for whose id is_key(id) holds, or kNone.
  template <typename IsKeyFn>
  Id Find(uint32_t hash, IsKeyFn is_key) const;

  // Requires: the id is not in the index, or is, with this hash.
  void Insert(uint32_t hash, Id id);
  void Erase(uint32_t hash, Id id);

  size_t memory_bytes() const;

 private:
  static constexpr int kTableBits = 10;

  struct Table {
    std::unique_ptr<KeyBucket[]> buckets;
    uint32_t count = 1;  // of buckets
    uint32_t used = 0;   // places
  };

  Table& TableOf(uint32_t hash) { return tables_[hash >> (32 - kTableBits)]; }
  const Table& TableOf(uint32_t hash) const { return tables_[hash >> (32 - kTableBits)]; }
  // Of a table of `count` buckets.
  static uint32_t HomeOf(uint32_t hash, uint32_t count) {
    return static_cast<uint32_t>(uint64_t{hash << kTableBits} * count >> 32);
  }
  static uint32_t After(uint32_t bucket, uint32_t count) {
    return bucket + 1 == count ? 0 : bucket + 1;
  }
  static void Place(Table& table, uint32_t hash, uint32_t ref);
  void Grow(Table& table);
  // A bit for every key in a bucket whose home is another.
  static uint32_t AwayFrom(uint32_t home, const KeyBucket& bucket, uint32_t count);
  static void FillHole(Table& table, uint32_t bucket, int place);

  std::vector<Table> tables_;
  std::vector<uint8_t> filled_;  // scratch: how many places of a bucket are taken
};

template <typename IsKeyFn>
KeyIndex::Id KeyIndex::Find(uint32_t hash, IsKeyFn is_key) const {
  const Table& table = TableOf(hash);
  for (uint32_t i = HomeOf(hash, table.count);; i = After(i, table.count)) {
    const KeyBucket& bucket = table.buckets[i];
    for (uint32_t places = bucket.WithHash(hash); places != 0; places &= places - 1) {
      const uint32_t ref = bucket.refs[std::countr_zero(places)];
      if (ref != 0 && is_key(ref - 1)) return ref - 1;
    }
    if (!bucket.full()) return kNone;
  }
}

}  // namespace onrush
