#include "operators/page_array.h"

#include <cstdint>

#include "doctest/doctest.h"

namespace onrush {
namespace {

void CheckGrowing() {
  PageArray<uint64_t> array;
  // From the heap over small mappings to whole huge pages.
  for (const size_t size : {size_t{1}, size_t{8'000}, size_t{9'000}, size_t{200'000},
                            size_t{300'000}, size_t{3'000'000}}) {
    const size_t before = array.size();
    array.GrowTo(size);
    REQUIRE(array.size() == size);
    for (size_t i = 0; i < before; ++i) REQUIRE(array[i] == i + 1);
    for (size_t i = before; i < size; ++i) {
      REQUIRE(array[i] == 0);
      array[i] = i + 1;
    }
  }
  array.Resize(10);
  array.Resize(1'000'000);
  for (size_t i = 0; i < array.size(); ++i) REQUIRE(array[i] == (i < 10 ? i + 1 : 0));
}

TEST_SUITE_BEGIN("operators/page_array");

TEST_CASE(
    "what is there stays while it grows, what comes is zero, in small pages and in huge ones") {
  CheckGrowing();
  Pages::PreferHuge();
  CheckGrowing();
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
