#include "operators/key_table.h"

#include <algorithm>

#include "core/check.h"

namespace onrush {

KeyTable::KeyTable() : tables_(size_t{1} << kTableBits) {
  for (Table& table : tables_) table.buckets = std::make_unique<KeyBucket[]>(1);
}

// Three steps, each kAhead rows before the next, so that what a row waits for was asked for long
// ago and misses overlap. Between them, ids[] holds candidates.
std::span<const uint32_t> KeyTable::Intern(const KeyColumn& keys, std::span<const uint32_t> rows,
                                           Id* ids) {
  const uint64_t refused_before = refused_;
  const uint64_t* const hashes = keys.hashes.data();
  const std::string_view* const bytes = keys.bytes.data();
  const size_t count = rows.size();
  for (size_t step = 0; step < count + 2 * kAhead; ++step) {
    if (step < count) PrefetchBucket(Fold(hashes[rows[step]]));
    if (const size_t i = step - kAhead; i < count) {
      ids[i] = Candidate(Fold(hashes[rows[i]]));
      records_.Prefetch(ids[i]);
    }
    if (const size_t i = step - 2 * kAhead; i < count) {
      const std::string_view key = bytes[rows[i]];
      const Ref ref = ids[i];
      const bool found = ref != 0 && records_.Holds(ref, key);
      ids[i] = found ? records_.id(ref) : FindOrInsert(key, hashes[rows[i]]);
    }
  }
  return refused_ == refused_before ? rows : LeaveOutRefused(rows, ids);
}

std::span<const uint32_t> KeyTable::LeaveOutRefused(std::span<const uint32_t> rows, Id* ids) {
  admitted_rows_.clear();
  for (size_t i = 0; i < rows.size(); ++i) {
    if (ids[i] == kRefused) continue;
    ids[admitted_rows_.size()] = ids[i];
    admitted_rows_.push_back(rows[i]);
  }
  return admitted_rows_;
}

KeyTable::Ref KeyTable::Candidate(uint32_t hash) {
  const Table& table = TableOf(hash);
  const KeyBucket& bucket = table.buckets[hash & table.mask];
  const uint32_t places = bucket.WithHash(hash);
  return places == 0 ? 0 : bucket.refs[std::countr_zero(places)];
}

KeyTable::Id KeyTable::FindOrInsert(std::string_view key, uint64_t hash64) {
  ONRUSH_DCHECK(key.size() < UINT32_MAX);
  const uint32_t hash = Fold(hash64);
  Table& table = TableOf(hash);
  for (uint32_t i = hash & table.mask;; i = (i + 1) & table.mask) {
    const KeyBucket& bucket = table.buckets[i];
    for (uint32_t places = bucket.WithHash(hash); places != 0; places &= places - 1) {
      const Ref ref = bucket.refs[std::countr_zero(places)];
      if (ref != 0 && records_.Holds(ref, key)) return records_.id(ref);
    }
    if (bucket.full()) continue;
    if (size_ < limit_) return Insert(table, key, hash);
    ++refused_;
    return kRefused;
  }
}

KeyTable::Id KeyTable::Insert(Table& table, std::string_view key, uint32_t hash) {
  // At most 7/8 full.
  if (table.used + 1 > (table.mask + 1) * (KeyBucket::kPlaces - 1)) Grow(table);
  const Id id = TakeId();
  refs_[id] = records_.Add(key, id, hash);
  Place(table, hash, refs_[id]);
  ++table.used;
  ++size_;
  return id;
}

KeyTable::Id KeyTable::TakeId() {
  if (free_ids_ != 0) {
    const Id id = free_ids_ - 1;
    free_ids_ = refs_[id];
    return id;
  }
  ONRUSH_CHECK(refs_.size() < UINT32_MAX - 1);
  refs_.GrowTo(refs_.size() + 1);
  return static_cast<Id>(refs_.size() - 1);
}

void KeyTable::Place(Table& table, uint32_t hash, Ref ref) {
  uint32_t i = hash & table.mask;
  while (table.buckets[i].full()) i = (i + 1) & table.mask;
  table.buckets[i].Set(std::countr_zero(table.buckets[i].Free()), hash, ref);
}

void KeyTable::Grow(Table& table) {
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

void KeyTable::Erase(Id id) {
  const Ref ref = refs_[id];
  const uint32_t hash = records_.hash(ref);
  Table& table = TableOf(hash);
  for (uint32_t i = hash & table.mask;; i = (i + 1) & table.mask) {
    KeyBucket& bucket = table.buckets[i];
    const auto* const place = std::find(bucket.refs, bucket.refs + KeyBucket::kPlaces, ref);
    if (place == bucket.refs + KeyBucket::kPlaces) continue;
    FillHole(table, i, static_cast<int>(place - bucket.refs));
    break;
  }
  --table.used;
  --size_;
  records_.Remove(ref);
  refs_[id] = free_ids_;
  free_ids_ = id + 1;
}

void KeyTable::EraseAll(std::span<const Id> ids) {
  while (!ids.empty()) {
    const std::span<const Id> some = ids.first(std::min(ids.size(), size_t{64}));
    for (const Id id : some) __builtin_prefetch(&refs_[id]);
    for (const Id id : some) records_.Prefetch(refs_[id]);
    for (const Id id : some) PrefetchBucket(records_.hash(refs_[id]));
    for (const Id id : some) Erase(id);
    ids = ids.subspan(some.size());
  }
}

// Frees a place. If its bucket was full, keys may have passed it: one of them takes the place, and
// leaves a hole of its own.
void KeyTable::FillHole(Table& table, uint32_t bucket, int place) {
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

size_t KeyTable::memory_bytes() const {
  size_t bytes =
      records_.memory_bytes() + refs_.memory_bytes() + tables_.capacity() * sizeof(Table);
  for (const Table& table : tables_) bytes += (size_t{table.mask} + 1) * sizeof(KeyBucket);
  return bytes;
}

}  // namespace onrush
