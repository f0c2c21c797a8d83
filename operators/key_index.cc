#include "operators/key_index.h"

#include <algorithm>
#include <utility>

namespace onrush {

KeyIndex::KeyIndex() {
  for (Table& table : tables_) table.buckets = std::make_unique<KeyBucket[]>(1);
}

void KeyIndex::Grow(Table& table) {
  const uint32_t old_count = table.count;
  table.count += std::max(old_count / 2, 1u);
  table.room += MostIn(table.count) - MostIn(old_count);
  const auto old = std::exchange(table.buckets, std::make_unique<KeyBucket[]>(table.count));
  // Where there is room is known, not looked up: a bucket that was just written to would make that
  // wait.
  filled_.assign(table.count, 0);
  for (uint32_t i = 0; i < old_count; ++i) {
    for (int place = 0; place < KeyBucket::kPlaces; ++place) {
      if (old[i].refs[place] == 0) continue;
      const uint32_t tag = old[i].TagAt(place);
      uint32_t to = HomeOf(tag, table.count);
      for (; filled_[to] == KeyBucket::kPlaces; to = After(to, table.count)) {
        table.buckets[to].NotePassed(tag);
      }
      table.buckets[to].Set(filled_[to]++, tag, old[i].refs[place]);
    }
  }
}

size_t KeyIndex::memory_bytes() const {
  size_t bytes = sizeof(tables_);
  for (const Table& table : tables_) bytes += size_t{table.count} * sizeof(KeyBucket);
  return bytes;
}

}  // namespace onrush
