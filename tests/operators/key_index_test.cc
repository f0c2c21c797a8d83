#include "operators/key_index.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

#include "doctest/doctest.h"

namespace onrush {
namespace {

KeyIndex::Id FindId(KeyIndex& index, uint32_t hash, KeyIndex::Id id) {
  return index.FindOrInsert(
      hash, [id](KeyIndex::Id found) { return found == id; }, [] { return KeyIndex::kNone; });
}

void InsertId(KeyIndex& index, uint32_t hash, KeyIndex::Id id) {
  const KeyIndex::Id found = index.FindOrInsert(
      hash, [](KeyIndex::Id) { return false; }, [id] { return id; });
  REQUIRE(found == id);
}

TEST_SUITE_BEGIN("operators/key_index");

// All in one table, in runs that pass the end of its buckets, at every number of buckets on the
// way.
TEST_CASE("ids are found while others of near hashes come and go") {
  for (uint32_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    KeyIndex index;
    std::vector<uint32_t> hashes;  // by id
    std::vector<bool> present;
    for (int step = 0; step < 2'000; ++step) {
      // More come than go, then more go.
      if (random() % 5 < (step < 1'000 ? 3 : 2)) {
        const uint32_t near_end = 0x003FFFFFu - (random() % 64 << 16);
        hashes.push_back(seed % 2 == 0 ? near_end : random() >> 10);
        present.push_back(true);
        InsertId(index, hashes.back(), static_cast<KeyIndex::Id>(hashes.size() - 1));
      } else if (!hashes.empty()) {
        const uint32_t id = static_cast<uint32_t>(random() % hashes.size());
        if (present[id]) index.Erase(hashes[id], id);
        present[id] = false;
      }
      if (step % 50 != 0) continue;
      for (uint32_t id = 0; id < hashes.size(); ++id) {
        REQUIRE(FindId(index, hashes[id], id) == (present[id] ? id : KeyIndex::kNone));
      }
    }
  }
}

// More than a bucket can count.
TEST_CASE("thousands of ids with the same hash are found, in any order of leaving") {
  constexpr uint32_t kHash = 0x00123456, kIds = 3'000;
  std::mt19937 random(7);
  KeyIndex index;
  std::vector<KeyIndex::Id> ids(kIds);
  std::iota(ids.begin(), ids.end(), 0);
  for (int round = 0; round < 2; ++round) {
    for (const KeyIndex::Id id : ids) InsertId(index, kHash, id);
    std::ranges::shuffle(ids, random);
    for (size_t i = 0; i < ids.size(); ++i) {
      REQUIRE(FindId(index, kHash, ids[i]) == ids[i]);
      index.Erase(kHash, ids[i]);
      REQUIRE(FindId(index, kHash, ids[i]) == KeyIndex::kNone);
    }
  }
}

TEST_CASE("a key takes at most 14 bytes where there are many") {
  KeyIndex index;
  std::mt19937 random(42);
  for (uint32_t id = 0; id < 300'000; ++id) {
    InsertId(index, random(), id);
    if (id >= 80'000 && id % 10'000 == 0) CHECK(index.memory_bytes() <= size_t{14} * id);
  }
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
