#include "operators/key_index.h"

#include <algorithm>

namespace onrush {

KeyIndex::KeyIndex() : tables_(size_t{1} << kTableBits) {
  for (Table& table : tables_) table.buckets = std::make_unique<KeyBucket[]>(1);
}

void KeyIndex::Insert(uint32_t hash, Id id) {
  Table& table = TableOf(hash);
  // At most 7/8 full.
  if (table.used + 1 > (table.mask + 1) * (KeyBucket::kPlaces - 1)) Grow(table);
  Place(table, hash, id + 1);
  ++table.used;
}

void KeyIndex::Place(Table& table, uint32_t hash, uint32_t ref) {
  uint32_t i = hash & table.mask;
  while (table.buckets[i].full()) i = (i + 1) & table.mask;
  table.buckets[i].Set(std::countr_zero(table.buckets[i].Free()), hash, ref);
}

void KeyIndex::Grow(Table& table) {
  const uint32_t old_count = table.mask + 1;
  auto old = std::make_unique<KeyBucket[]>(size_t{old_count} * 2);
  old.swap(table.buckets);
  table.mask = old_count * 2 - 1;
  for (uint32_t i = 0; i < old_count; ++i) {
    for (int place = 0; place < KeyBucket::kPlaces; ++place) {
      if (old[i].refs[place] != 0) Place(table, old[i].hashes[place], old[i].refs[place]);
    }
  }
}

void KeyIndex::Erase(uint32_t hash, Id id) {
  Table& table = TableOf(hash);
  for (uint32_t i = hash & table.mask;; i = (i + 1) & table.mask) {
    const uint32_t places = table.buckets[i].WithRef(id + 1);
    if (places == 0) continue;
    FillHole(table, i, std::countr_zero(places));
    break;
  }
  --table.used;
}

// Frees a place. If its bucket was full, keys may have passed it: one of them takes the place, and
// leaves a hole of its own.
void KeyIndex::FillHole(Table& table, uint32_t bucket, int place) {
  KeyBucket* const buckets = table.buckets.get();
  uint32_t hole = bucket;
  bool may_have_passed = buckets[hole].full();
  buckets[hole].Set(place, 0, 0);
  for (uint32_t i = (hole + 1) & table.mask; may_have_passed && i != bucket;
       i = (i + 1) & table.mask) {
    may_have_passed = buckets[i].full();
    for (int j = 0; j < KeyBucket::kPlaces; ++j) {
      const uint32_t home = buckets[i].hashes[j] & table.mask;
      if (buckets[i].refs[j] == 0 || ((i - home) & table.mask) < ((i - hole) & table.mask))
        continue;
      buckets[hole].Set(place, buckets[i].hashes[j], buckets[i].refs[j]);
      buckets[i].Set(j, 0, 0);
      hole = i;
      place = j;
      break;
    }
  }
}

size_t KeyIndex::memory_bytes() const {
  size_t bytes = tables_.capacity() * sizeof(Table);
  for (const Table& table : tables_) bytes += (size_t{table.mask} + 1) * sizeof(KeyBucket);
  return bytes;
}

}  // namespace onrush
