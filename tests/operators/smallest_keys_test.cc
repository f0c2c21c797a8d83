#include "operators/smallest_keys.h"

#include <map>
#include <random>
#include <string>

#include "doctest/doctest.h"

namespace onrush {
namespace {

TEST_SUITE_BEGIN("operators/smallest_keys");

TEST_CASE("it knows of each block what a look at all keys tells, whatever came and went") {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    KeyTable keys;
    SmallestKeys smallest(keys);
    std::map<std::string, KeyTable::Id> known;
    for (int step = 0; step < 4'000; ++step) {
      const std::string key = "/page/" + std::to_string(random() % 600);
      const auto found = known.find(key);
      if (found == known.end()) {
        known[key] = keys.FindOrInsert(key, std::hash<std::string>()(key));
      } else if (random() % 2 == 0) {
        keys.Erase(found->second);
        known.erase(found);
      }
      if (known.empty() || random() % 8 != 0) continue;
      auto than = known.begin();
      std::advance(than, random() % known.size());
      const size_t block = random() % (keys.id_limit() / kIdBlock + 1);
      bool smaller = false;
      for (const auto& [other, id] : known) {
        smaller |= id / kIdBlock == block && other < than->first;
      }
      smallest.GrowTo(block + 1);
      REQUIRE(smallest.HasSmaller(block, smallest.KeyOf(than->second)) == smaller);
    }
  }
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
