#include "operators/key_table.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "doctest/doctest.h"

namespace onrush {
namespace {

// Few different hashes, so that keys collide and wrap around the ends of their tables.
uint64_t PoorHash(const std::string& key) { return std::hash<std::string>()(key) % 7 << 19; }

TEST_SUITE_BEGIN("operators/key_table");

TEST_CASE("a key keeps its id, and ids are dense") {
  KeyTable table;
  for (uint32_t i = 0; i < 10'000; ++i) {
    const std::string key = "key-" + std::to_string(i) + std::string(i % 40, 'x');
    CHECK(table.FindOrInsert(key, std::hash<std::string>()(key)) == i);
  }
  for (uint32_t i = 0; i < 10'000; ++i) {
    const std::string key = "key-" + std::to_string(i) + std::string(i % 40, 'x');
    REQUIRE(table.FindOrInsert(key, std::hash<std::string>()(key)) == i);
    REQUIRE(table.key(i) == key);
  }
  CHECK(table.size() == 10'000);
}

TEST_CASE("keys that share a prefix, a length or a hash are told apart") {
  KeyTable table;
  const std::string base(20, 'p');
  std::set<KeyTable::Id> ids;
  for (const std::string& key :
       {std::string(), std::string(1, '\0'), std::string(16, '\0'), base, base + "a", base + "b",
        std::string(16, 'p'), std::string(17, 'p')}) {
    ids.insert(table.FindOrInsert(key, 1));
  }
  CHECK(ids.size() == 8);
}

TEST_CASE("keys of every length around the room of a slot, in place and elsewhere, are kept whole") {
  using Slot = KeySlot<NoState>;
  KeyTable table;
  std::vector<std::string> keys;
  for (size_t size = 0; size < 3 * Slot::kInPlace; ++size) {
    keys.push_back(std::string(size, 'k'));
    if (size == 0) continue;
    for (const size_t different : {size_t{0}, size / 2, size - 1}) {
      keys.push_back(std::string(size, 'k'));
      keys.back()[different] = static_cast<char>('a' + different % 5);
    }
  }
  std::map<std::string, KeyTable::Id> ids;
  for (int round = 0; round < 2; ++round) {
    for (const std::string& key : keys) {
      const KeyTable::Id id = table.FindOrInsert(key, 1);
      REQUIRE(ids.emplace(key, id).first->second == id);
      REQUIRE(table.key(id) == key);
    }
  }
  CHECK(table.size() == ids.size());
}

// A slot says with 255 that its key is elsewhere.
TEST_CASE("a key of 255 bytes is as any other") {
  KeyTable table;
  std::set<KeyTable::Id> ids;
  for (int round = 0; round < 2; ++round) {
    for (size_t size = 250; size < 260; ++size) {
      const std::string key(size, 'k');
      ids.insert(table.FindOrInsert(key, 1));
      REQUIRE(table.key(table.FindOrInsert(key, 1)) == key);
    }
  }
  CHECK(ids.size() == 10);
  CHECK(table.size() == 10);
}

TEST_CASE("memory of long keys is used again") {
  KeyTable table;
  size_t bytes = 0;
  for (int i = 0; i < 1'000; ++i) {
    const std::string key = std::string(100, 'k') + std::to_string(1'000 + i);
    const KeyTable::Id id = table.FindOrInsert(key, 1);
    REQUIRE(table.key(id) == key);
    table.Erase(id);
    if (i == 0) bytes = table.memory_bytes();
  }
  CHECK(table.memory_bytes() == bytes);
}

TEST_CASE("a state stays with its key, and is a new one when the key comes back") {
  struct State {
    int64_t count;
    int64_t others[4];
  };
  BasicKeyTable<State> table;
  const auto id = table.FindOrInsert("a", 1);
  CHECK(table.state(id).count == 0);
  table.state(id).count = 7;
  for (int i = 0; i < 10'000; ++i) table.FindOrInsert("b" + std::to_string(i), 1 + i);
  CHECK(table.state(table.FindOrInsert("a", 1)).count == 7);
  table.Erase(id);
  CHECK(table.state(table.FindOrInsert("a", 1)).count == 0);
}

TEST_CASE("it agrees with a map while keys come and go") {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    KeyTable table;
    std::map<std::string, KeyTable::Id> model;
    for (int step = 0; step < 3'000; ++step) {
      const std::string key(1 + random() % 24, static_cast<char>('a' + random() % 4));
      const uint64_t hash = seed % 2 == 0 ? PoorHash(key) : std::hash<std::string>()(key);
      if (random() % 3 == 0 && model.contains(key)) {
        table.Erase(model[key]);
        model.erase(key);
        continue;
      }
      const KeyTable::Id id = table.FindOrInsert(key, hash);
      if (model.contains(key)) REQUIRE(model[key] == id);
      model[key] = id;
      REQUIRE(table.key(id) == key);
      REQUIRE(table.size() == model.size());
    }
    std::set<KeyTable::Id> ids;
    for (const auto& [key, id] : model) ids.insert(id);
    CHECK(ids.size() == model.size());
    CHECK(table.id_limit() <= 96);  // ids of erased keys are reused
  }
}

// Dictionaries and what the same rows are without them, in two tables, while keys come and go.
TEST_CASE("rows of a dictionary get the ids that they get without it") {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    constexpr size_t kRows = 200;
    KeyTable with, without;
    if (seed % 2 == 0) with.SetLimit(60), without.SetLimit(60);
    std::set<KeyTable::Id> in_use;
    TextDictionary dictionary;
    std::vector<std::string> texts;
    for (int batch = 0; batch < 100; ++batch) {
      if (batch % 5 == 0) {
        texts.clear();
        const size_t entries = 1 + random() % (batch % 2 == 0 ? 50 : 1'000);
        for (size_t i = 0; i < entries; ++i) {
          const size_t number = batch % 3 == 0 ? i : 7 * i;
          texts.push_back(std::string(number % 30, 'k') + std::to_string(number));
        }
        ++dictionary.number;
      }
      KeyColumn keys(kRows);
      std::vector<std::string_view> bytes(kRows);
      std::vector<uint32_t> codes(kRows), rows;
      for (uint32_t row = 0; row < kRows; ++row) {
        codes[row] = static_cast<uint32_t>(random() % texts.size());
        bytes[row] = texts[codes[row]];
        keys.hashes[row] = std::hash<std::string_view>()(bytes[row]);
        if (random() % (1 + seed % 3) == 0) rows.push_back(row);
      }
      keys.bytes = bytes;
      std::vector<KeyTable::Id> expected(kRows), ids(kRows);
      const auto plain = without.Intern(keys, rows, expected.data());
      keys.codes = codes.data();
      keys.dictionary = dictionary.number;
      keys.entries = texts.size();
      std::vector<uint32_t> visited;
      const auto visit = [&](uint32_t row, KeyTable::Id, NoState&) { visited.push_back(row); };
      const bool visits = random() % 2 == 0;
      const auto taken = visits ? with.Intern(keys, rows, ids.data(), visit)
                                : with.Intern(keys, rows, ids.data());
      if (visits) REQUIRE(std::ranges::equal(visited, taken));
      REQUIRE(std::ranges::equal(taken, plain));
      REQUIRE(std::equal(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(taken.size()),
                         expected.begin()));
      REQUIRE(with.refused() == without.refused());
      for (size_t i = 0; i < taken.size(); ++i) {
        REQUIRE(with.key(ids[i]) == bytes[taken[i]]);
        in_use.insert(ids[i]);
      }
      for (auto id = in_use.begin(); id != in_use.end();) {
        if (random() % 10 != 0 || batch % 4 != 0) {
          ++id;
          continue;
        }
        with.Erase(*id);
        without.Erase(*id);
        id = in_use.erase(id);
      }
    }
    CHECK((with.refused() > 0) == (seed % 2 == 0));
  }
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
