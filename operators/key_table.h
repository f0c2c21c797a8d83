// Keys to dense ids.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "core/key.h"
#include "operators/key_arena.h"

namespace onrush {

// Description
//   An open-addressing hash table with linear probing that gives every key a small id; ids of
//   erased keys are reused, so that columns indexed by id stay dense. A slot is half a cache line:
//   the whole hash, the length and the first 16 bytes of the key, so that a look-up of a short key
//   touches one line. The table is 256 small tables chosen by the top bits of the hash, each of
//   which grows alone: no insert pays for a rehash of everything.
//   FindOrInsert: one cache miss for keys up to 16 bytes, two for longer ones.
// Implementation
//   A slot with len_plus_one == 0 is empty. Erasing shifts the following slots back, so that there
//   are no tombstones. Load is at most 3/4.
// Threads
//   One.
class KeyTable {
 public:
  using Id = uint32_t;

  KeyTable();

  // Ids of the keys of `rows`, into `ids`, in the order of `rows`; new keys get an id.
  void Intern(const KeyColumn& keys, std::span<const uint32_t> rows, Id* ids);
  // Requires: `hash` is the same for the same key at every call.
  Id FindOrInsert(std::string_view key, uint64_t hash);

  // Forgets a key; its id may be given to another. Requires: the id is in use.
  void Erase(Id id);

  // Requires: the id is in use. Valid until it is erased.
  std::string_view key(Id id) const { return {records_[id].data, records_[id].size}; }
  // Ids in use.
  size_t size() const { return records_.size() - free_ids_.size(); }
  // All ids are below this.
  size_t id_limit() const { return records_.size(); }
  size_t memory_bytes() const;

 private:
  static constexpr size_t kPrefix = 16;
  static constexpr int kTableBits = 8;
  struct Slot {
    uint64_t hash;
    Id id;
    uint32_t size_plus_one;
    char prefix[kPrefix];  // zeros after the end of a shorter key
  };
  static_assert(sizeof(Slot) == 32);
  struct Table {
    std::vector<Slot> slots;  // a power of two
    size_t used = 0;
  };
  struct Record {
    char* data;
    uint64_t hash;
    uint32_t size;
  };

  Table& TableOf(uint64_t hash) { return tables_[hash >> (64 - kTableBits)]; }
  bool Matches(const Slot& slot, std::string_view key, uint64_t hash, const char* prefix) const {
    return slot.hash == hash && slot.size_plus_one == key.size() + 1 &&
           std::memcmp(slot.prefix, prefix, kPrefix) == 0 &&
           (key.size() <= kPrefix || std::memcmp(records_[slot.id].data + kPrefix,
                                                 key.data() + kPrefix, key.size() - kPrefix) == 0);
  }
  Id Insert(Table& table, std::string_view key, uint64_t hash, const char* prefix);
  Id NewRecord(std::string_view key, uint64_t hash);
  static void Grow(Table& table);
  static void Place(Table& table, const Slot& slot);

  std::vector<Table> tables_;
  std::vector<Record> records_;
  std::vector<Id> free_ids_;
  KeyArena arena_;
};

}  // namespace onrush
