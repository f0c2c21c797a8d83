#include "core/key.h"

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "doctest/doctest.h"

namespace onrush {
namespace {

using namespace std::string_literals;

StreamPlan Stream(const std::vector<ValueType>& types) {
  StreamPlan stream;
  stream.name = "s";
  stream.fields.push_back({"ts", {TypeKind::kTimestamp}});
  for (size_t i = 0; i < types.size(); ++i) {
    stream.fields.push_back({std::string(1, static_cast<char>('a' + i)), types[i]});
  }
  return stream;
}

std::string KeyOf(const KeyCodec& codec, const EventBatch& batch, size_t row) {
  std::string key;
  codec.AppendKey(batch, row, key);
  return key;
}

std::string Members(const KeyCodec& codec, std::string_view key) {
  std::string text;
  codec.AppendJsonMembers(key, text);
  return text;
}

TEST_SUITE_BEGIN("core/key");

TEST_CASE("the byte order of integer keys is the order of values") {
  const StreamPlan stream = Stream({{TypeKind::kInt}});
  const KeyCodec codec(stream, {1});
  EventBatch batch(stream, 0, 8);
  const std::vector<int64_t> values = {INT64_MIN, -2, -1, 0, 1, 2, 255, INT64_MAX};
  batch.columns[1].ints = values;
  for (size_t i = 1; i < values.size(); ++i) {
    CHECK(KeyOf(codec, batch, i - 1) < KeyOf(codec, batch, i));
  }
  CHECK(Members(codec, KeyOf(codec, batch, 0)) == "\"a\":-9223372036854775808");
}

TEST_CASE("the byte order of float keys is the order of values, and zero is one key") {
  const StreamPlan stream = Stream({{TypeKind::kFloat}});
  const KeyCodec codec(stream, {1});
  EventBatch batch(stream, 0, 8);
  batch.columns[1].floats = {-1e300, -1.5, -1e-300, -0.0, 0.0, 1e-300, 1.5, 1e300};
  for (size_t i = 1; i < 8; ++i) {
    CAPTURE(i);
    if (i == 4) {
      CHECK(KeyOf(codec, batch, 3) == KeyOf(codec, batch, 4));
    } else {
      CHECK(KeyOf(codec, batch, i - 1) < KeyOf(codec, batch, i));
    }
  }
  CHECK(Members(codec, KeyOf(codec, batch, 1)) == "\"a\":-1.5");
}

TEST_CASE("composite keys order from left to right and decode to their values") {
  const StreamPlan stream =
      Stream({{TypeKind::kString}, {TypeKind::kDecimal, 2}, {TypeKind::kString}});
  const KeyCodec codec(stream, {1, 2, 3});
  const std::vector<std::string> firsts = {"", "a", "a\0"s, "a\0b"s, "a\x01", "ab", "b"};
  EventBatch batch(stream, 0, firsts.size());
  std::vector<std::string> keys;
  for (size_t i = 0; i < firsts.size(); ++i) {
    batch.columns[1].strings[i] = firsts[i];
    batch.columns[2].ints[i] = -5;
    batch.columns[3].strings[i] = "z";
    keys.push_back(KeyOf(codec, batch, i));
  }
  for (size_t i = 1; i < keys.size(); ++i) {
    CAPTURE(i);
    CHECK(keys[i - 1] < keys[i]);
  }
  CHECK(Members(codec, keys[3]) == "\"a\":\"a\\u0000b\",\"b\":-0.05,\"c\":\"z\"");
  CHECK(Members(codec, keys[0]) == "\"a\":\"\",\"b\":-0.05,\"c\":\"z\"");
}

TEST_CASE("a row with a null in its key is marked, equal keys hash alike") {
  const StreamPlan stream = Stream({{TypeKind::kString}, {TypeKind::kInt}});
  const KeyCodec codec(stream, {1, 2});
  EventBatch batch(stream, 0, 4);
  batch.size = 4;
  batch.columns[1].strings = {"x", "x", "y", "x"};
  batch.columns[2].ints = {1, 1, 1, 1};
  batch.columns[2].nulls[3] = 1;
  KeyColumn keys(4);
  codec.Encode(batch, 42, keys);
  CHECK(keys.nulls == std::vector<uint8_t>{0, 0, 0, 1});
  CHECK(keys.bytes[0] == keys.bytes[1]);
  CHECK(keys.hashes[0] == keys.hashes[1]);
  CHECK(keys.bytes[0] != keys.bytes[2]);
}

TEST_CASE("texts of a dictionary hash as they do without it, whatever dictionary was before") {
  const StreamPlan stream = Stream({{TypeKind::kString}});
  const KeyCodec codec(stream, {1});
  EventBatch batch(stream, 0, 4);
  batch.size = 4;
  Column& column = batch.columns[1];
  DictionaryHashes known;
  KeyColumn plain(4), keys(4);
  const std::vector<TextDictionary> dictionaries = {
      {{"x", "a longer one, of more than sixteen bytes"}, 1}, {{"b", "x", "c"}, 2}, {{"c"}, 3}};
  for (const TextDictionary& dictionary : dictionaries) {
    for (const uint64_t seed : {42, 43}) {
      column.codes = {0, static_cast<uint32_t>(dictionary.entries.size() - 1), 0, 0};
      for (size_t row = 0; row < 4; ++row) {
        column.strings[row] = dictionary.entries[column.codes[row]];
      }
      column.dictionary = nullptr;
      codec.Encode(batch, seed, plain, &known);
      column.dictionary = &dictionary;
      codec.Encode(batch, seed, keys, &known);
      CHECK(keys.hashes == plain.hashes);
      CHECK(keys.bytes[1].data() == column.strings[1].data());
      CHECK(plain.codes == nullptr);
      REQUIRE(keys.codes != nullptr);
      CHECK(keys.codes[1] == column.codes[1]);
      CHECK(keys.dictionary == dictionary.number);
      CHECK(keys.entries == dictionary.entries.size());
    }
  }
}

TEST_CASE("only keys that are wanted are encoded and hashed, from a dictionary or not") {
  const StreamPlan stream = Stream({{TypeKind::kString}, {TypeKind::kInt}});
  constexpr size_t kRows = 40;
  EventBatch batch(stream, 0, kRows);
  batch.size = kRows;
  TextDictionary dictionary{{}, 1};
  std::vector<std::string> texts;
  for (size_t i = 0; i < kRows; ++i) texts.push_back("a text " + std::to_string(i));
  dictionary.entries.assign(texts.begin(), texts.end());
  Column& column = batch.columns[1];
  column.nulls[7] = 1;
  column.codes.resize(kRows);
  for (size_t row = 0; row < kRows; ++row) {
    column.codes[row] = static_cast<uint32_t>(row * 7 % kRows);
    column.strings[row] = dictionary.entries[column.codes[row]];
    batch.columns[2].ints[row] = static_cast<int64_t>(row % 3);
  }
  for (const std::vector<size_t>& key : {std::vector<size_t>{1}, {1, 2}, {2}}) {
    const KeyCodec codec(stream, key);
    KeyColumn all(kRows);
    column.dictionary = nullptr;
    codec.Encode(batch, 42, all);
    for (const size_t step : {1, 5, 39}) {
      std::vector<uint8_t> wanted(kRows);
      for (size_t row = 0; row < kRows; row += step) wanted[row] = 1;
      for (const TextDictionary* const used : {static_cast<const TextDictionary*>(&dictionary),
                                               static_cast<const TextDictionary*>(nullptr)}) {
        column.dictionary = used;
        DictionaryHashes known;
        KeyColumn keys(kRows);
        codec.Encode(batch, 42, keys, &known, wanted.data());
        CHECK(keys.nulls == all.nulls);
        for (size_t row = 0; row < kRows; ++row) {
          const bool encoded = wanted[row] != 0 && keys.nulls[row] == 0;
          CHECK(keys.hashes[row] == (encoded ? all.hashes[row] : 0));
          if (encoded) CHECK(keys.bytes[row] == all.bytes[row]);
        }
      }
    }
  }
}

TEST_CASE("the key of no columns is empty in all rows that are good, and its hash is 0") {
  const StreamPlan stream = Stream({{TypeKind::kString}});
  const KeyCodec codec(stream, {});
  EventBatch batch(stream, 0, 3);
  batch.size = 3;
  batch.columns[1].nulls[0] = 1;
  batch.bad[1] = 1;
  KeyColumn keys(3);
  codec.Encode(batch, 42, keys);
  CHECK(keys.nulls == std::vector<uint8_t>{0, 1, 0});
  CHECK(keys.bytes[0].empty());
  CHECK(keys.bytes[2].empty());
  CHECK(keys.hashes == std::vector<uint64_t>{0, 0, 0});
}

TEST_CASE("the key of a single string is the string itself") {
  const StreamPlan stream = Stream({{TypeKind::kString}});
  const KeyCodec codec(stream, {1});
  EventBatch batch(stream, 0, 1);
  batch.size = 1;
  const std::string text = "a\0b"s;
  batch.columns[1].strings[0] = text;
  KeyColumn keys(1);
  codec.Encode(batch, 1, keys);
  CHECK(keys.bytes[0].data() == text.data());
  CHECK(Members(codec, keys.bytes[0]) == "\"a\":\"a\\u0000b\"");
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
