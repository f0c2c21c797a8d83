#include "operators/long_keys.h"

#include <algorithm>
#include <cstring>

#include "core/check.h"

namespace onrush {

// Powers of two above the exact sizes, so that there are few lists.
size_t LongKeys::WordsFor(size_t size) {
  const size_t words = std::max<size_t>((size + sizeof(uint32_t) - 1) / sizeof(uint32_t), 1);
  return words <= kExactClasses ? words : std::bit_ceil(words);
}

LongKeys::Ref LongKeys::Add(std::string_view key) {
  const size_t words = WordsFor(key.size());
  Ref& free = free_[ClassOf(words)];
  Ref ref = 0;
  if (free != 0) {
    ref = free - 1;
    free = words_[ref];
  } else {
    ONRUSH_CHECK(words_.size() + words < UINT32_MAX);
    ref = static_cast<Ref>(words_.size());
    words_.GrowTo(words_.size() + words);
  }
  std::memcpy(&words_[ref], key.data(), key.size());
  return ref;
}

void LongKeys::Remove(Ref ref, size_t size) {
  Ref& free = free_[ClassOf(WordsFor(size))];
  words_[ref] = free;
  free = ref + 1;
}

}  // namespace onrush
