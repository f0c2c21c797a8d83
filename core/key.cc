#include "core/key.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "core/check.h"
#include "core/flag_rows.h"
#include "core/json_text.h"
#include "core/key_hash.h"

namespace onrush {
namespace {

constexpr uint64_t kSignBit = uint64_t{1} << 63;

char* PutBigEndian(uint64_t bits, char* out) {
  bits = __builtin_bswap64(bits);  // x86-64 and AArch64 are little-endian
  std::memcpy(out, &bits, 8);
  return out + 8;
}

uint64_t OrderedBits(int64_t value) { return static_cast<uint64_t>(value) ^ kSignBit; }

uint64_t OrderedBits(double value) {
  if (value == 0) value = 0;  // -0.0 and 0.0 are one key
  const uint64_t bits = std::bit_cast<uint64_t>(value);
  return (bits & kSignBit) != 0 ? ~bits : bits ^ kSignBit;
}

int64_t ScalarFromOrdered(ValueType type, uint64_t ordered) {
  if (type.kind != TypeKind::kFloat) return static_cast<int64_t>(ordered ^ kSignBit);
  return static_cast<int64_t>((ordered & kSignBit) != 0 ? ordered ^ kSignBit : ~ordered);
}

char* PutTerminatedString(std::string_view text, char* out) {
  for (const char c : text) {
    *out++ = c;
    if (c == '\0') *out++ = '\xFF';
  }
  *out++ = '\0';
  *out++ = '\0';
  return out;
}

// True if it costs less to look `keys` hashes up in a dictionary than to find them out: most
// dictionaries serve more batches than one.
bool IsWorthwhile(const DictionaryHashes& known, const TextDictionary& dictionary,
                  uint64_t hash_seed, size_t keys) {
  return known.HasThoseOf(dictionary, hash_seed) || keys * 8 >= dictionary.entries.size();
}

}  // namespace

KeyCodec::KeyCodec(const StreamPlan& stream, const std::vector<size_t>& columns) {
  for (const size_t column : columns) {
    Part part{column, stream.column_type(column), {}};
    AppendJsonString(stream.column_name(column), part.json_name);
    part.json_name += ':';
    parts_.push_back(std::move(part));
  }
  single_string_ = parts_.size() == 1 && parts_[0].type.kind == TypeKind::kString;
}

void KeyCodec::Encode(const EventBatch& batch, uint64_t hash_seed, KeyColumn& keys,
                      DictionaryHashes* known, const uint8_t* wanted) const {
  FindNulls(batch, keys.nulls.data());
  keys.encoded.resize(single_string_ ? 0 : keys.capacity);
  keys.bytes = {
      single_string_ ? batch.columns[parts_[0].column].strings.data() : keys.encoded.data(),
      batch.size};
  NoteDictionary(batch, keys);
  if (empty()) return;  // all the same as they are
  const Rows rows = RowsWithKeys(batch.size, wanted, keys);
  if (!single_string_) EncodeRows(batch, rows, keys);
  HashRows(batch, rows, hash_seed, keys, known);
}

void KeyCodec::NoteDictionary(const EventBatch& batch, KeyColumn& keys) const {
  keys.codes = nullptr;
  if (!single_string_) return;
  const Column& texts = batch.columns[parts_[0].column];
  if (texts.dictionary == nullptr) return;
  keys.codes = texts.codes.data();
  keys.dictionary = texts.dictionary->number;
  keys.entries = texts.dictionary->entries.size();
}

KeyCodec::Rows KeyCodec::RowsWithKeys(size_t size, const uint8_t* wanted, KeyColumn& keys) {
  const uint8_t* const nulls = keys.nulls.data();
  if (size == 0 || (wanted == nullptr && std::memchr(nulls, 1, size) == nullptr)) {
    return {nullptr, size};
  }
  keys.flags.resize(keys.capacity);
  keys.rows.resize(keys.capacity);
  uint8_t* const flags = keys.flags.data();
  for (size_t row = 0; row < size; ++row) flags[row] = nulls[row] ^ 1;
  for (size_t row = 0; wanted != nullptr && row < size; ++row) flags[row] &= wanted[row];
  return {keys.rows.data(), RowsOfFlags(flags, size, keys.rows.data())};
}

void KeyCodec::HashRows(const EventBatch& batch, Rows rows, uint64_t hash_seed, KeyColumn& keys,
                        DictionaryHashes* known) const {
  uint64_t* const hashes = keys.hashes.data();
  const Column* const texts = single_string_ ? &batch.columns[parts_[0].column] : nullptr;
  if (known == nullptr || texts == nullptr || texts->dictionary == nullptr ||
      !IsWorthwhile(*known, *texts->dictionary, hash_seed, rows.count)) {
    return HashKeys(keys.bytes.data(), rows.rows, rows.count, hash_seed, hashes);
  }
  const uint64_t* const by_entry = known->Of(*texts->dictionary, hash_seed);
  const uint32_t* const codes = texts->codes.data();
  if (rows.rows == nullptr) {
    for (size_t row = 0; row < rows.count; ++row) hashes[row] = by_entry[codes[row]];
  } else {
    for (size_t i = 0; i < rows.count; ++i) hashes[rows.rows[i]] = by_entry[codes[rows.rows[i]]];
  }
}

const uint64_t* DictionaryHashes::Of(const TextDictionary& dictionary, uint64_t hash_seed) {
  if (!HasThoseOf(dictionary, hash_seed)) {
    dictionary_ = dictionary.number;
    hash_seed_ = hash_seed;
    const size_t size = dictionary.entries.size();
    // Other dictionaries of the input are about as large.
    if (hashes_.capacity() < size) hashes_.reserve(std::bit_ceil(size));
    hashes_.resize(size);
    HashKeys(dictionary.entries.data(), nullptr, size, hash_seed, hashes_.data());
  }
  return hashes_.data();
}

void KeyCodec::FindNulls(const EventBatch& batch, uint8_t* nulls) const {
  const size_t size = batch.size;  // which bytes that are stored might change otherwise
  std::copy_n(batch.bad.data(), size, nulls);
  for (const Part& part : parts_) {
    const uint8_t* const of_column = batch.columns[part.column].nulls.data();
    for (size_t row = 0; row < size; ++row) nulls[row] |= of_column[row];
  }
}

void KeyCodec::EncodeRows(const EventBatch& batch, Rows rows, KeyColumn& keys) const {
  keys.arena.Clear();
  for (size_t i = 0; i < rows.count; ++i) {
    const size_t row = rows.rows != nullptr ? rows.rows[i] : i;
    const size_t bound = EncodedSizeBound(batch, row);
    char* const begin = keys.arena.Allocate(bound);
    const size_t size = static_cast<size_t>(EncodeRow(batch, row, begin) - begin);
    keys.arena.Shrink(bound - size);
    keys.encoded[row] = {begin, size};
  }
}

void KeyCodec::AppendKey(const EventBatch& batch, size_t row, std::string& out) const {
  const size_t old_size = out.size();
  out.resize(old_size + EncodedSizeBound(batch, row));
  const char* const end = EncodeRow(batch, row, out.data() + old_size);
  out.resize(static_cast<size_t>(end - out.data()));
}

size_t KeyCodec::EncodedSizeBound(const EventBatch& batch, size_t row) const {
  size_t bound = 0;
  for (const Part& part : parts_) {
    const Column& column = batch.columns[part.column];
    bound += part.type.kind == TypeKind::kString ? 2 * column.strings[row].size() + 2 : 8;
  }
  return bound;
}

char* KeyCodec::EncodeRow(const EventBatch& batch, size_t row, char* out) const {
  for (const Part& part : parts_) {
    const Column& column = batch.columns[part.column];
    if (part.type.kind == TypeKind::kFloat) {
      out = PutBigEndian(OrderedBits(column.floats[row]), out);
    } else if (part.type.kind != TypeKind::kString) {
      out = PutBigEndian(OrderedBits(column.ints[row]), out);
    } else if (&part != &parts_.back()) {
      out = PutTerminatedString(column.strings[row], out);
    } else {
      const std::string_view text = column.strings[row];
      if (!text.empty()) std::memcpy(out, text.data(), text.size());
      out += text.size();
    }
  }
  return out;
}

void KeyCodec::AppendJsonMembers(std::string_view key, std::string& out) const {
  for (const Part& part : parts_) {
    if (&part != &parts_.front()) out.push_back(',');
    out += part.json_name;
    key = DecodePart(part, &part == &parts_.back(), key, out);
  }
}

// Appends one value and returns what is left of the key.
std::string_view KeyCodec::DecodePart(const Part& part, bool last, std::string_view rest,
                                      std::string& out) {
  if (part.type.kind != TypeKind::kString) {
    uint64_t ordered;
    std::memcpy(&ordered, rest.data(), 8);
    AppendJsonScalar(part.type, ScalarFromOrdered(part.type, __builtin_bswap64(ordered)), out);
    return rest.substr(8);
  }
  if (last) {
    AppendJsonString(rest, out);
    return {};
  }
  std::string text;
  size_t i = 0;
  for (; rest[i] != '\0' || rest[i + 1] != '\0'; ++i) {
    text.push_back(rest[i]);
    if (rest[i] == '\0') ++i;  // skip the 0xFF
  }
  AppendJsonString(text, out);
  return rest.substr(i + 2);
}

void AppendJsonValue(const Column& column, size_t row, std::string& out) {
  if (column.nulls[row] != 0) {
    out += "null";
  } else if (column.type.kind == TypeKind::kString) {
    AppendJsonString(column.strings[row], out);
  } else if (column.type.kind == TypeKind::kFloat) {
    AppendJsonFloat(column.floats[row], out);
  } else {
    AppendJsonScalar(column.type, column.ints[row], out);
  }
}

void AppendPlainValue(const Column& column, size_t row, std::string& out) {
  if (column.type.kind == TypeKind::kTimestamp) {
    AppendInstant(column.ints[row], out);
  } else {
    AppendJsonValue(column, row, out);
  }
}

void AppendJsonScalar(ValueType type, int64_t bits, std::string& out) {
  switch (type.kind) {
    case TypeKind::kInt:
      return AppendInt128(bits, out);
    case TypeKind::kDecimal:
      return AppendDecimal(bits, type.scale, out);
    case TypeKind::kFloat:
      return AppendJsonFloat(std::bit_cast<double>(bits), out);
    case TypeKind::kBool:
      out += bits != 0 ? "true" : "false";
      return;
    case TypeKind::kTimestamp:
      out.push_back('"');
      AppendInstant(bits, out);
      out.push_back('"');
      return;
    case TypeKind::kString:
      break;
  }
  ONRUSH_CHECK(false);
}

}  // namespace onrush
