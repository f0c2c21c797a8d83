#include "tools/onrush/gen/zipf.h"

#include <algorithm>

#include "core/check.h"

namespace onrush::gen {
namespace {

constexpr uint64_t kWeightOfFirst = uint64_t{1} << 48;

}  // namespace

Zipf::Zipf(uint64_t count, uint64_t flat) : slots_(count) {
  ONRUSH_CHECK(count > 0 && count <= (uint64_t{1} << 31));
  std::vector<unsigned __int128> shares(count);  // of `total`, scaled so that the mean is `total`
  uint64_t total = 0;
  for (uint64_t rank = 0; rank < count; ++rank) {
    const uint64_t weight = std::max<uint64_t>(kWeightOfFirst / (rank + 1 + flat), 1);
    shares[rank] = static_cast<unsigned __int128>(weight) * count;
    total += weight;
  }
  // Weights fall with the rank, so those above the mean come first: `rich` walks up from the
  // start, `poor` down from the end, and each poor slot is filled up from the current rich one.
  uint64_t rich = 0;
  std::vector<uint32_t> poor;
  for (uint64_t rank = count; rank-- > 0;) {
    if (shares[rank] < total) poor.push_back(static_cast<uint32_t>(rank));
  }
  const uint64_t first_poor = count - poor.size();
  while (!poor.empty() && rich < first_poor) {
    const uint32_t filled = poor.back();
    poor.pop_back();
    slots_[filled] = {static_cast<uint32_t>((shares[filled] << 32) / total),
                      static_cast<uint32_t>(rich)};
    shares[rich] -= total - shares[filled];
    if (shares[rich] < total) poor.push_back(static_cast<uint32_t>(rich++));
  }
  // What is left fills its slot alone; its alias is itself, so the threshold does not matter.
  for (const uint32_t rank : poor) slots_[rank] = {0, rank};
  for (; rich < first_poor; ++rich) slots_[rich] = {0, static_cast<uint32_t>(rich)};
}

}  // namespace onrush::gen
