#include "operators/key_records.h"

#include "core/check.h"

namespace onrush {

// Powers of two above the exact sizes, so that there are few lists.
size_t KeyRecords::WordsFor(size_t size) {
  const size_t words = kHeader + (size + sizeof(uint32_t) - 1) / sizeof(uint32_t);
  return words <= kExactClasses ? words : std::bit_ceil(words);
}

KeyRecords::Ref KeyRecords::Add(std::string_view key, uint32_t id, uint32_t hash) {
  const size_t words = WordsFor(key.size());
  Ref& free = free_[ClassOf(words)];
  Ref ref = free;
  if (ref != 0) {
    free = words_[ref];
  } else {
    ONRUSH_CHECK(words_.size() + words <= UINT32_MAX);
    ref = static_cast<Ref>(words_.size());
    words_.GrowTo(words_.size() + words);
  }
  words_[ref] = id;
  words_[ref + 1] = hash;
  words_[ref + 2] = static_cast<uint32_t>(key.size());
  if (!key.empty()) std::memcpy(&words_[ref + kHeader], key.data(), key.size());
  return ref;
}

void KeyRecords::Remove(Ref ref) {
  Ref& free = free_[ClassOf(WordsFor(key(ref).size()))];
  words_[ref] = free;
  free = ref;
}

}  // namespace onrush
