#include "operators/key_index.h"

#include <algorithm>

namespace onrush {
namespace {

uint32_t Distance(uint32_t from, uint32_t to, uint32_t count) {
  return to >= from ? to - from : to + count - from;
}

}  // namespace

KeyIndex::KeyIndex() : tables_(size_t{1} << kTableBits) {
  for (Table& table : tables_) table.buckets = std::make_unique<KeyBucket[]>(1);
}

void KeyIndex::Insert(uint32_t hash, Id id) {
  Table& table = TableOf(hash);
  // At most 7/8 full.
  if (table.used + 1 > table.count * (KeyBucket::kPlaces - 1)) Grow(table);
  Place(table, hash, id + 1);
  ++table.used;
}

void KeyIndex::Place(Table& table, uint32_t hash, uint32_t ref) {
  uint32_t i = HomeOf(hash, table.count);
  while (table.buckets[i].full()) i = After(i, table.count);
  table.buckets[i].Set(std::countr_zero(table.buckets[i].Free()), hash, ref);
}

void KeyIndex::Grow(Table& table) {
  const uint32_t old_count = table.count;
  table.count += std::max(old_count / 2, 1u);
  auto old = std::make_unique<KeyBucket[]>(table.count);
  old.swap(table.buckets);
  // Where there is room is known, not looked up: a bucket that was just written to would make that
  // wait.
  filled_.assign(table.count, 0);
  for (uint32_t i = 0; i < old_count; ++i) {
    for (int place = 0; place < KeyBucket::kPlaces; ++place) {
      if (old[i].refs[place] == 0) continue;
      uint32_t to = HomeOf(old[i].hashes[place], table.count);
      while (filled_[to] == KeyBucket::kPlaces) to = After(to, table.count);
      table.buckets[to].Set(filled_[to]++, old[i].hashes[place], old[i].refs[place]);
    }
  }
}

void KeyIndex::Erase(uint32_t hash, Id id) {
  Table& table = TableOf(hash);
  for (uint32_t i = HomeOf(hash, table.count);; i = After(i, table.count)) {
    const uint32_t places = table.buckets[i].WithRef(id + 1);
    if (places == 0) continue;
    FillHole(table, i, std::countr_zero(places));
    break;
  }
  --table.used;
}

uint32_t KeyIndex::AwayFrom(uint32_t home, const KeyBucket& bucket, uint32_t count) {
  uint32_t away = 0;
  for (int place = 0; place < KeyBucket::kPlaces; ++place) {
    away |= uint32_t{HomeOf(bucket.hashes[place], count) != home} << place;
  }
  return away & ~bucket.Free();
}

// Frees a place. If its bucket was full, keys may have passed it: one of them takes the place, and
// leaves a hole of its own.
void KeyIndex::FillHole(Table& table, uint32_t bucket, int place) {
  KeyBucket* const buckets = table.buckets.get();
  uint32_t hole = bucket;
  bool may_have_passed = buckets[hole].full();
  buckets[hole].Set(place, 0, 0);
  for (uint32_t i = After(hole, table.count); may_have_passed && i != bucket;
       i = After(i, table.count)) {
    may_have_passed = buckets[i].full();
    for (uint32_t away = AwayFrom(i, buckets[i], table.count); away != 0; away &= away - 1) {
      const int j = std::countr_zero(away);
      const uint32_t home = HomeOf(buckets[i].hashes[j], table.count);
      if (Distance(home, i, table.count) < Distance(hole, i, table.count)) continue;
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
  for (const Table& table : tables_) bytes += size_t{table.count} * sizeof(KeyBucket);
  return bytes;
}

}  // namespace onrush
