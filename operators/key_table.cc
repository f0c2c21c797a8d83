#include "operators/key_table.h"

#include <algorithm>

#include "core/check.h"

namespace onrush {
namespace {

constexpr size_t kInitialSlots = 8;
// Far enough ahead that the line is there when its turn comes, near enough to stay in L1.
constexpr size_t kPrefetchDistance = 12;

}  // namespace

KeyTable::KeyTable() : tables_(size_t{1} << kTableBits) {
  for (Table& table : tables_) table.slots.resize(kInitialSlots);
}

void KeyTable::Intern(const KeyColumn& keys, std::span<const uint32_t> rows, Id* ids) {
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i + kPrefetchDistance < rows.size()) {
      const uint64_t ahead = keys.hashes[rows[i + kPrefetchDistance]];
      const Table& table = TableOf(ahead);
      __builtin_prefetch(table.slots.data() + (ahead & (table.slots.size() - 1)));
    }
    ids[i] = FindOrInsert(keys.bytes[rows[i]], keys.hashes[rows[i]]);
  }
}

KeyTable::Id KeyTable::FindOrInsert(std::string_view key, uint64_t hash) {
  ONRUSH_DCHECK(key.size() < UINT32_MAX);
  char prefix[kPrefix] = {};
  if (!key.empty()) std::memcpy(prefix, key.data(), std::min(key.size(), kPrefix));
  Table& table = TableOf(hash);
  const Slot* const slots = table.slots.data();
  const size_t mask = table.slots.size() - 1;
  for (size_t i = hash & mask; slots[i].size_plus_one != 0; i = (i + 1) & mask) {
    if (Matches(slots[i], key, hash, prefix)) return slots[i].id;
  }
  return Insert(table, key, hash, prefix);
}

KeyTable::Id KeyTable::Insert(Table& table, std::string_view key, uint64_t hash,
                              const char* prefix) {
  if ((table.used + 1) * 4 > table.slots.size() * 3) Grow(table);
  Slot slot{hash, NewRecord(key, hash), static_cast<uint32_t>(key.size() + 1), {}};
  std::memcpy(slot.prefix, prefix, kPrefix);
  Place(table, slot);
  ++table.used;
  return slot.id;
}

KeyTable::Id KeyTable::NewRecord(std::string_view key, uint64_t hash) {
  char* const data = arena_.Allocate(key.size());
  if (!key.empty()) std::memcpy(data, key.data(), key.size());
  const Record record{data, hash, static_cast<uint32_t>(key.size())};
  if (free_ids_.empty()) {
    ONRUSH_CHECK(records_.size() < UINT32_MAX);
    records_.push_back(record);
    return static_cast<Id>(records_.size() - 1);
  }
  const Id id = free_ids_.back();
  free_ids_.pop_back();
  records_[id] = record;
  return id;
}

void KeyTable::Grow(Table& table) {
  std::vector<Slot> old(table.slots.size() * 2);
  old.swap(table.slots);
  for (const Slot& slot : old) {
    if (slot.size_plus_one != 0) Place(table, slot);
  }
}

void KeyTable::Place(Table& table, const Slot& slot) {
  const size_t mask = table.slots.size() - 1;
  size_t i = slot.hash & mask;
  while (table.slots[i].size_plus_one != 0) i = (i + 1) & mask;
  table.slots[i] = slot;
}

void KeyTable::Erase(Id id) {
  const Record& record = records_[id];
  Table& table = TableOf(record.hash);
  std::vector<Slot>& slots = table.slots;
  const size_t mask = slots.size() - 1;
  size_t hole = record.hash & mask;
  while (slots[hole].id != id || slots[hole].size_plus_one == 0) hole = (hole + 1) & mask;
  // Move back what the hole would cut off from its home slot.
  for (size_t i = (hole + 1) & mask; slots[i].size_plus_one != 0; i = (i + 1) & mask) {
    const size_t home = slots[i].hash & mask;
    if (((i - home) & mask) >= ((i - hole) & mask)) {
      slots[hole] = slots[i];
      hole = i;
    }
  }
  slots[hole] = Slot{};
  --table.used;
  arena_.Free(record.data, record.size);
  free_ids_.push_back(id);
}

size_t KeyTable::memory_bytes() const {
  size_t bytes = arena_.memory_bytes() + records_.capacity() * sizeof(Record) +
                 free_ids_.capacity() * sizeof(Id) + tables_.capacity() * sizeof(Table);
  for (const Table& table : tables_) bytes += table.slots.capacity() * sizeof(Slot);
  return bytes;
}

}  // namespace onrush
