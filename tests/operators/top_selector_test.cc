#include "operators/top_selector.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "doctest/doctest.h"

namespace onrush {
namespace {

TEST_SUITE_BEGIN("operators/top_selector");

TEST_CASE("it keeps what a full sort would put first, ties by key") {
  std::mt19937_64 random(5);
  for (int round = 0; round < 200; ++round) {
    CAPTURE(round);
    KeyTable keys;
    const size_t count = random() % 60;
    std::vector<Ranked> all;
    for (size_t i = 0; i < count; ++i) {
      const std::string key = std::to_string(random());
      const KeyTable::Id id = keys.FindOrInsert(key, std::hash<std::string>()(key));
      all.push_back({id, {static_cast<Int128>(random() % 5) - 2, 0}});
    }
    const size_t k = 1 + random() % 12;
    TopSelector selector(k, keys);
    for (const Ranked& ranked : all) selector.Offer(ranked.id, ranked.value);
    std::sort(all.begin(), all.end(), [&](const Ranked& a, const Ranked& b) {
      if (a.value != b.value) return a.value > b.value;
      return keys.key(a.id) < keys.key(b.id);
    });
    all.resize(std::min(all.size(), k));
    REQUIRE(selector.Finish() == all);
  }
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
