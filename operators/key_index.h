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
//   Find: one cache miss. Memory: 10 to 20 bytes a key.
// Implementation
//   A key stands in the first bucket from its home on that had room; a search ends at a bucket that
//   has. Erasing moves back a key that had passed a full bucket, so that there are no tombstones.
// Threads
//   One.
class KeyIndex {
 public:
  using Id = uint32_t;
  static constexpr Id kNone = UINT32_MAX;

  KeyIndex();

  // The bits of a hash that are kept.
  static uint32_t Fold(uint64_t hash) { return static_cast<uint32_t>(hash ^ hash >> 32); }

  // Asks for the cache line where a key with this hash should stand.
  void Prefetch(uint32_t hash) const {
    const Table& table = TableOf(hash);
    __builtin_prefetch(&table.buckets[hash & table.mask]);
  }
  // The first key with this hash in its home bucket, which is nearly always the one; kNone if there
  // is none there.
  Id Candidate(uint32_t hash) const {
    const Table& table = TableOf(hash);
    const KeyBucket& bucket = table.buckets[hash & table.mask];
    const uint32_t places = bucket.WithHash(hash);
    // A free place has the id before the first, which is none.
    return places == 0 ? kNone : bucket.refs[std::countr_zero(places)] - 1;
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
    uint32_t mask = 0;  // the number of buckets, a power of two, less one
    uint32_t used = 0;
  };

  // The top bits choose the table, the bottom ones the bucket.
  Table& TableOf(uint32_t hash) { return tables_[hash >> (32 - kTableBits)]; }
  const Table& TableOf(uint32_t hash) const { return tables_[hash >> (32 - kTableBits)]; }
  static void Place(Table& table, uint32_t hash, uint32_t ref);
  static void Grow(Table& table);
  static void FillHole(Table& table, uint32_t bucket, int place);

  std::vector<Table> tables_;
};

template <typename IsKeyFn>
KeyIndex::Id KeyIndex::Find(uint32_t hash, IsKeyFn is_key) const {
  const Table& table = TableOf(hash);
  for (uint32_t i = hash & table.mask;; i = (i + 1) & table.mask) {
    const KeyBucket& bucket = table.buckets[i];
    for (uint32_t places = bucket.WithHash(hash); places != 0; places &= places - 1) {
      const uint32_t ref = bucket.refs[std::countr_zero(places)];
      if (ref != 0 && is_key(ref - 1)) return ref - 1;
    }
    if (!bucket.full()) return kNone;
  }
}

}  // namespace onrush
