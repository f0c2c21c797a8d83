#include "core/key_hash.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

#include "doctest/doctest.h"

namespace onrush {
namespace {

using HashFunction = decltype(&HashKeys);

// Those that this processor has.
std::vector<HashFunction> Functions() {
  std::vector<HashFunction> functions = {HashKeys, HashKeysPortable};
  if (HasAvx512ForHashing()) functions.push_back(HashKeysAvx512);
  return functions;
}

std::vector<uint64_t> Hash(HashFunction function, const std::vector<std::string_view>& keys,
                           uint64_t seed) {
  std::vector<uint64_t> hashes(keys.size());
  function(keys.data(), nullptr, keys.size(), seed, hashes.data());
  return hashes;
}

// Distinct keys of all lengths up to 40, many of them much alike.
std::vector<std::string> Keys() {
  std::vector<std::string> keys;
  for (size_t size = 0; size <= 40; ++size) {
    keys.push_back(std::string(size, '\0'));
    for (size_t at = 0; at < size; ++at) {
      for (int bit = 0; bit < 8; ++bit) {
        keys.push_back(std::string(size, 'x'));
        keys.back()[at] = static_cast<char>('x' ^ 1 << bit);
      }
    }
  }
  for (int i = 0; i < 50'000; ++i) {
    keys.push_back("/product/" + std::to_string(i));
    keys.push_back("990012" + std::to_string(1'000'000'000 + i));
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

}  // namespace

TEST_SUITE_BEGIN("core/key_hash");

TEST_CASE("equal keys hash alike wherever they stand, also at the end of readable memory") {
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  char* const pages = static_cast<char*>(
      mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  REQUIRE(pages != MAP_FAILED);
  REQUIRE(mprotect(pages + page, page, PROT_NONE) == 0);
  std::fill_n(pages, page, '?');
  for (const HashFunction function : Functions()) {
    for (size_t size = 0; size <= 40; ++size) {
      const std::string key =
          std::string("a key that has as many bytes as are wanted").substr(0, size);
      const std::vector<uint64_t> expected = Hash(function, {key}, 7);
      const std::string within = "<" + key + ">";
      CHECK(Hash(function, {std::string_view(within).substr(1, size)}, 7) == expected);
      char* const end = pages + page;
      std::copy(key.begin(), key.end(), end - size);
      CHECK(Hash(function, {{end - size, size}}, 7) == expected);
    }
  }
  munmap(pages, 2 * page);
}

TEST_CASE("other keys and seeds have other hashes, which differ in about half of their bits") {
  const std::vector<std::string> texts = Keys();
  const std::vector<std::string_view> keys(texts.begin(), texts.end());
  for (const HashFunction function : Functions()) {
    std::vector<uint64_t> hashes = Hash(function, keys, 42);
    const std::vector<uint64_t> others = Hash(function, keys, 43);
    std::array<size_t, 64> flipped = {};
    for (size_t i = 1; i < hashes.size(); ++i) {
      REQUIRE(hashes[i] != others[i]);
      for (size_t bit = 0; bit < 64; ++bit) {
        flipped[bit] += (hashes[i] ^ hashes[i - 1]) >> bit & 1;
      }
    }
    for (const size_t count : flipped) {
      CHECK(count > hashes.size() * 49 / 100);
      CHECK(count < hashes.size() * 51 / 100);
    }
    std::sort(hashes.begin(), hashes.end());
    CHECK(std::adjacent_find(hashes.begin(), hashes.end()) == hashes.end());
  }
}

TEST_CASE("any bits of the hashes spread keys evenly") {
  const std::vector<std::string> texts = Keys();
  const std::vector<std::string_view> keys(texts.begin(), texts.end());
  constexpr size_t kBuckets = 1024;
  for (const HashFunction function : Functions()) {
    const std::vector<uint64_t> hashes = Hash(function, keys, 1);
    for (const int shift : {0, 7, 16, 32, 44, 54}) {
      std::vector<double> counts(kBuckets);
      for (const uint64_t hash : hashes) ++counts[hash >> shift & (kBuckets - 1)];
      const double expected = static_cast<double>(keys.size()) / kBuckets;
      double chi_square = 0;
      for (const double count : counts) {
        chi_square += (count - expected) * (count - expected) / expected;
      }
      // Of 1,023 degrees of freedom: five standard deviations.
      CHECK(chi_square < 1023 + 5 * 45.2);
    }
  }
}

TEST_CASE("keys of rows that are not listed are not looked at") {
  const std::vector<std::string_view> keys = {"a", {reinterpret_cast<const char*>(8), 9}, "b"};
  const std::vector<uint32_t> rows = {0, 2};
  for (const HashFunction function : Functions()) {
    std::vector<uint64_t> hashes = {1, 2, 3};
    function(keys.data(), rows.data(), rows.size(), 5, hashes.data());
    CHECK(hashes[1] == 2);
    CHECK(hashes[0] == Hash(function, {"a"}, 5)[0]);
    CHECK(hashes[2] == Hash(function, {"b"}, 5)[0]);
  }
}

TEST_SUITE_END();

}  // namespace onrush
