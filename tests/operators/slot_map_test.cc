#include "operators/slot_map.h"

#include <map>
#include <random>

#include "doctest/doctest.h"

namespace onrush {
namespace {

TEST_SUITE_BEGIN("operators/slot_map");

TEST_CASE("it agrees with a map, sparse and dense, and after being cleared") {
  std::mt19937_64 random(3);
  SlotMap map;
  for (int round = 0; round < 50; ++round) {
    CAPTURE(round);
    const uint32_t id_limit = 1 + static_cast<uint32_t>(random() % 2'000);
    const size_t inserts = random() % (id_limit + 1);
    std::map<uint32_t, uint32_t> model;
    for (size_t i = 0; i < inserts; ++i) {
      const auto id = static_cast<uint32_t>(random() % id_limit);
      if (model.contains(id)) continue;
      const auto slot = static_cast<uint32_t>(model.size());
      model[id] = slot;
      map.Insert(id, slot, id_limit);
    }
    for (uint32_t id = 0; id < id_limit + 5; ++id) {
      const auto found = model.find(id);
      REQUIRE(map.Find(id) == (found == model.end() ? SlotMap::kNone : found->second));
    }
    map.Clear();
    REQUIRE(map.Find(0) == SlotMap::kNone);
  }
}

TEST_CASE("ids may keep coming after it became dense") {
  SlotMap map;
  for (uint32_t id = 0; id < 5'000; ++id) map.Insert(id, id * 2, id + 1);
  for (uint32_t id = 0; id < 5'000; ++id) REQUIRE(map.Find(id) == id * 2);
  CHECK(map.Find(5'000) == SlotMap::kNone);
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
