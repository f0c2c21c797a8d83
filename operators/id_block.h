// Sets of ids, 64 at a time.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace onrush {

// Block b is the ids 64 · b … 64 · b + 63, a bit of a word each.
inline constexpr size_t kIdBlock = 64;

constexpr uint64_t IdBit(uint32_t id) { return uint64_t{1} << id % kIdBlock; }

// Calls visit(id) for the ids of a block whose bits are set.
template <typename VisitFn>
void ForEachId(size_t block, uint64_t bits, VisitFn visit) {
  for (; bits != 0; bits &= bits - 1) {
    visit(static_cast<uint32_t>(block * kIdBlock + static_cast<size_t>(std::countr_zero(bits))));
  }
}

}  // namespace onrush
