#include "operators/index_map.h"

#include <map>
#include <memory>
#include <random>

#include "doctest/doctest.h"

namespace onrush {
namespace {

struct Box {
  void Clear() { value = 0; }
  int value = 0;
};

TEST_SUITE_BEGIN("operators/index_map");

TEST_CASE("it agrees with a map while entries come in any order and leave at the front") {
  std::mt19937_64 random(9);
  IndexMap<Box> map;
  std::map<int64_t, int> model;
  int made = 0;
  for (int step = 0; step < 20'000; ++step) {
    const int64_t index = step / 10 + static_cast<int64_t>(random() % 20);
    if (random() % 3 == 0 && !model.empty()) {
      REQUIRE(map.first_index() == model.begin()->first);
      map.PopFront();
      model.erase(model.begin());
    } else {
      Box& box = map.Open(index, [&] {
        ++made;
        return std::make_unique<Box>();
      });
      REQUIRE(box.value == model[index]);
      box.value = model[index] = step;
    }
    REQUIRE(map.size() == model.size());
    const int64_t probe = step / 10 + static_cast<int64_t>(random() % 20);
    const auto expected = model.lower_bound(probe);
    const auto* const found = map.LowerBound(probe);
    REQUIRE((found == map.end()) == (expected == model.end()));
    if (found != map.end()) REQUIRE(found->index == expected->first);
    REQUIRE((map.Find(probe) != nullptr) == model.contains(probe));
  }
  CHECK(made < 60);  // entries that left are used again
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
