// Keys to dense ids.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/key.h"
#include "operators/key_bucket.h"
#include "operators/key_records.h"
#include "operators/page_array.h"

namespace onrush {

// Description
//   A hash table that gives every key a small id; ids of erased keys are reused, so that columns
//   indexed by id stay dense. The index is buckets of one cache line, with 32 bits of the hash for
//   each of eight keys; the key itself and its id are a record. Intern() asks for both ahead of
//   time, so that misses overlap. The index is 1,024 small tables chosen by the top bits of the
//   hash, each of which grows alone: no insert pays for a rehash of everything (the worst on the
//   way to 10 M keys took 0.6 ms, BM_KeyTable_WorstInsert).
//   FindOrInsert: two cache misses. Memory: 10 to 20 bytes a key for the index, 16 and the key's
//   own for the rest.
// Implementation
//   A key stands in the first bucket from its home on that had room; a search ends at a bucket that
//   has. Erasing moves back a key that had passed a full bucket, so that there are no tombstones.
// Threads
//   One.
class KeyTable {
 public:
  using Id = uint32_t;

  KeyTable();

  // At most so many keys at a time: others are refused.
  void SetLimit(size_t keys) { limit_ = keys; }

  // Ids of the keys of `rows`, into `ids`, in the order of `rows`; new keys get an id. Returns the
  // rows whose keys have one: `rows`, or, where keys were refused, those that are left (valid until
  // the next call), with their ids.
  std::span<const uint32_t> Intern(const KeyColumn& keys, std::span<const uint32_t> rows, Id* ids);
  // kRefused for a new key beyond the limit. Requires: `hash` is the same for the same key at every
  // call.
  static constexpr Id kRefused = UINT32_MAX;
  Id FindOrInsert(std::string_view key, uint64_t hash);

  // Forgets a key; its id may be given to another. Requires: the id is in use.
  void Erase(Id id);
  // Forgets some; their misses overlap.
  void EraseAll(std::span<const Id> ids);

  // Requires: the id is in use. Valid until a key is inserted or this one erased.
  std::string_view key(Id id) const { return records_.key(refs_[id]); }
  // How often a key was refused.
  uint64_t refused() const { return refused_; }
  // Ids in use.
  size_t size() const { return size_; }
  // All ids are below this.
  size_t id_limit() const { return refs_.size(); }
  size_t memory_bytes() const;

 private:
  using Ref = KeyRecords::Ref;
  static constexpr int kTableBits = 10;
  // Far enough that the line is there when its turn comes, near enough to stay in L1.
  static constexpr size_t kAhead = 16;

  struct Table {
    std::unique_ptr<KeyBucket[]> buckets;
    uint32_t mask = 0;  // the number of buckets, a power of two, less one
    uint32_t used = 0;
  };

  // The 32 bits that are kept; the top ones choose the table, the bottom ones the bucket.
  static uint32_t Fold(uint64_t hash) { return static_cast<uint32_t>(hash ^ hash >> 32); }
  Table& TableOf(uint32_t hash) { return tables_[hash >> (32 - kTableBits)]; }
  void PrefetchBucket(uint32_t hash) {
    const Table& table = TableOf(hash);
    __builtin_prefetch(&table.buckets[hash & table.mask]);
  }
  // The one record with this hash in the key's home bucket, or 0 if there is none or more to see.
  Ref Candidate(uint32_t hash);
  std::span<const uint32_t> LeaveOutRefused(std::span<const uint32_t> rows, Id* ids);
  Id Insert(Table& table, std::string_view key, uint32_t hash);
  Id TakeId();
  static void Place(Table& table, uint32_t hash, Ref ref);
  static void Grow(Table& table);
  static void FillHole(Table& table, uint32_t bucket, int place);

  std::vector<Table> tables_;
  KeyRecords records_;
  PageArray<Ref> refs_;    // by id; of ids not in use: the next such id, plus one
  uint32_t free_ids_ = 0;  // the first id not in use, plus one
  size_t size_ = 0;
  size_t limit_ = SIZE_MAX;
  uint64_t refused_ = 0;
  std::vector<uint32_t> admitted_rows_;
};

}  // namespace onrush
