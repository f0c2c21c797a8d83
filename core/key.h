// Keys as byte strings whose byte order is the order of their values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/event_batch.h"
#include "core/plan.h"
#include "core/text_arena.h"
#include "core/value.h"

namespace onrush {

// The encoded keys of a batch, one entry a row, by one codec. Entries of rows that are bad or whose
// key nobody asked for are unspecified.
struct KeyColumn {
  explicit KeyColumn(size_t capacity) : hashes(capacity), nulls(capacity), capacity(capacity) {}

  std::span<const std::string_view> bytes;  // those of the batch, or `encoded`
  std::vector<uint64_t> hashes;             // seeded per process; no output may depend on them
  std::vector<uint8_t> nulls;  // 1: one of the key's columns is null, or the row is bad
  // Set: the keys of all rows are those entries of a dictionary. Valid as long as the batch.
  const uint32_t* codes = nullptr;
  uint64_t dictionary = 0;  // its number, if `codes` is set …
  size_t entries = 0;       // … and how many it has

  // For KeyCodec.
  size_t capacity;
  std::vector<uint8_t> flags;  // 1 for the rows whose keys are encoded, where these are not all …
  std::vector<uint32_t> rows;  // … and which they are
  std::vector<std::string_view> encoded;  // into `arena`; empty where keys are texts as they are
  TextArena arena;
};

// The hashes of a dictionary's texts, kept from batch to batch. One thread's.
class DictionaryHashes {
 public:
  // By entry.
  const uint64_t* Of(const TextDictionary& dictionary, uint64_t hash_seed);
  // True if Of() knows them.
  bool HasThoseOf(const TextDictionary& dictionary, uint64_t hash_seed) const {
    return dictionary_ == dictionary.number && hash_seed_ == hash_seed;
  }

 private:
  uint64_t dictionary_ = 0;  // its number
  uint64_t hash_seed_ = 0;
  std::vector<uint64_t> hashes_;
};

// Description
//   Encodes one or more columns as one byte string such that memcmp order (a shorter prefix is
//   smaller) equals the order of the values from left to right: strings byte by byte, numbers by
//   value, false before true. Equal values have equal encodings (-0.0 is 0.0). A key of a single
//   string column is the string itself, not a copy.
// Implementation
//   Numbers: big-endian with the sign bit flipped (floats: all bits flipped if negative). A string
//   that is not the last column: 0x00 becomes 0x00 0xFF and 0x00 0x00 ends it.
// Threads
//   Immutable; any thread.
class KeyCodec {
 public:
  // Requires: columns are positions in `stream`. No columns: every key is the empty string.
  KeyCodec(const StreamPlan& stream, const std::vector<size_t>& columns);

  // Encodes and hashes the rows of `batch`, or, unless `wanted` is null, those that have 1 in it;
  // `nulls` are those of all rows. `keys` must have its capacity, and be read while the batch is as
  // it is. About 4 ns a row for a single short string; 1 ns if it is from a dictionary whose
  // hashes are kept in `known`; nothing for the key of no columns, whose hash is 0.
  void Encode(const EventBatch& batch, uint64_t hash_seed, KeyColumn& keys,
              DictionaryHashes* known = nullptr, const uint8_t* wanted = nullptr) const;

  // Appends the encoding of one row's values. Requires: none of them is null.
  void AppendKey(const EventBatch& batch, size_t row, std::string& out) const;

  // True for the key of no columns.
  bool empty() const { return parts_.empty(); }

  // Appends `"name":value` for each column, with commas between.
  void AppendJsonMembers(std::string_view key, std::string& out) const;

 private:
  struct Part {
    size_t column = 0;
    ValueType type;
    std::string json_name;  // "\"page\":"
  };
  // Which rows of a batch have keys: `count` of them, the first ones if `rows` is null.
  struct Rows {
    const uint32_t* rows;
    size_t count;
  };

  void FindNulls(const EventBatch& batch, uint8_t* nulls) const;
  void NoteDictionary(const EventBatch& batch, KeyColumn& keys) const;
  static Rows RowsWithKeys(size_t size, const uint8_t* wanted, KeyColumn& keys);
  void HashRows(const EventBatch& batch, Rows rows, uint64_t hash_seed, KeyColumn& keys,
                DictionaryHashes* known) const;
  void EncodeRows(const EventBatch& batch, Rows rows, KeyColumn& keys) const;
  size_t EncodedSizeBound(const EventBatch& batch, size_t row) const;
  char* EncodeRow(const EventBatch& batch, size_t row, char* out) const;
  static std::string_view DecodePart(const Part& part, bool last, std::string_view rest,
                                     std::string& out);

  std::vector<Part> parts_;
  bool single_string_ = false;
};

// Appends the value of a row as JSON: `null`, a number, a string, true or an instant in quotes.
void AppendJsonValue(const Column& column, size_t row, std::string& out);
// The same with instants as they are, for formats whose fields have no quotes. Requires: the value
// is there, and no string.
void AppendPlainValue(const Column& column, size_t row, std::string& out);

// Appends a value of a given type kept as 64 bits: int, decimal, bool, timestamp; for floats the
// bits of the double. Requires: the type is not string.
void AppendJsonScalar(ValueType type, int64_t bits, std::string& out);

}  // namespace onrush
