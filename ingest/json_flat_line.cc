#include "ingest/json_flat_line.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "ingest/json_scan.h"
#include "ingest/swar.h"

namespace onrush {

JsonFlatLine::JsonFlatLine(const JsonPaths& paths) : field_count_(paths.field_count()) {
  if (field_count_ > kMaxFields) return;
  std::vector<Known> declared;
  for (const uint32_t node : paths.children(JsonPaths::kRoot)) {
    const std::string& name = paths.name(node);
    if (name.empty()) continue;  // is unusual in lines
    // NameOf() may read a word from where a name begins.
    const std::string padded = name + std::string(sizeof(uint64_t), '\0');
    const bool on_path = paths.field(node) == JsonPaths::kNone;
    declared.push_back(
        {NameOf(padded.data(), name.size()), name, on_path ? kOnPath : paths.field(node)});
  }
  const size_t size = std::bit_ceil(std::max<size_t>(64, declared.size() * declared.size() / 2));
  table_shift_ = 64 - std::countr_zero(size);
  constexpr int kTries = 1000;
  for (int tries = 0; tries < kTries; ++tries, multiplier_ += 2) {
    table_.assign(size, Known());
    if (FillTable(declared)) return;
  }
  table_.clear();
}

// False if two names share a slot.
bool JsonFlatLine::FillTable(const std::vector<Known>& declared) {
  for (const Known& known : declared) {
    Known& slot = table_[SlotOf(known.name)];
    if (slot.member != kUndeclared) return false;
    slot = known;
  }
  return true;
}

inline JsonFlatLine::Name JsonFlatLine::NameOf(const char* begin, size_t size) {
  // Of a shorter name, what follows it is shifted out.
  const size_t shift = size < 8 ? 64 - 8 * size : 0;
  const size_t last_at = size < 8 ? 0 : size - 8;
  return {LoadWord(begin) << shift, LoadWord(begin + last_at) << shift, size};
}

inline uint32_t JsonFlatLine::Find(std::string_view text) const {
  const Name name = NameOf(text.data(), text.size());
  const Known& known = table_[SlotOf(name)];
  const bool found = known.name == name && (text.size() <= 16 || known.text == text);
  return found ? known.member : kUndeclared;
}

// A member, and whether it is the object's last.
struct JsonFlatLine::Member {
  std::string_view name;   // not empty
  std::string_view value;  // of a string, what is between the quotes
  bool is_string;
  bool last;

  // Takes the member whose first stop is `stop`, which moves to the next one's, or to the newline.
  // False if it is unusual; but what is no string may be anything. (Left to itself, the compiler
  // makes a call of it, which doubles its time.)
  [[gnu::always_inline]] bool Take(const char* base, const uint32_t*& stop) {
    const char* const name_begin = base + stop[0] + 1;
    const char* const name_end = base + stop[1];
    if (name_begin[-1] != '"' || name_end[0] != '"' || name_end[1] != ':') return false;
    name = {name_begin, static_cast<size_t>(name_end - name_begin)};

    const char* const begin = name_end + 2 + (name_end[2] == ' ');
    const size_t quote = *begin == '"';  // counted, so that it need not be guessed
    is_string = quote != 0;
    const char* const close = base + stop[1 + 2 * quote];
    if (*close != '"') return false;
    stop += 2 + 2 * quote;

    // Before the next stop stands `,` and perhaps a space, or `}` and perhaps a carriage return.
    const char* end = base + *stop;
    last = *end == '\n';
    --end;
    end -= *end == (last ? '\r' : ' ');
    if (*end != (last ? '}' : ',') || end < begin) return false;
    if (is_string & (close + 1 != end)) return false;
    value = {begin + quote, static_cast<size_t>(end - begin) - 2 * quote};
    return !name.empty();
  }
};

// A value that is no string, and where it goes.
struct JsonFlatLine::Scalar {
  const char* begin;
  size_t size;
  std::string_view* text;
};

size_t JsonFlatLine::Read(const JsonLineIndex::Next& next, std::string_view* texts) const {
  const uint32_t* stop = next.stops;
  if (next.stop_count == 0 || table_.empty() || next.base[next.begin] != '{' ||
      *stop != next.begin + 1) {
    return kUnusual;
  }
  std::fill_n(texts, field_count_, std::string_view());
  // What is no string is looked at in the end, so that not each member waits for a branch.
  Scalar scalars[kMaxMembers];
  size_t scalar_count = 0;
  std::string_view undeclared;
  uint64_t seen = 0;  // a bit for each field
  Member member;
  for (size_t count = 0; count < kMaxMembers; ++count) {
    if (!member.Take(next.base, stop)) return kUnusual;
    const uint32_t field = Find(member.name);
    if ((seen >> field & 1) != 0 || field == kOnPath) return kUnusual;
    seen |= uint64_t{field != kUndeclared} << field;
    std::string_view* const text = field == kUndeclared ? &undeclared : texts + field;
    *text = member.value;
    scalars[scalar_count] = {member.value.data(), member.value.size(), text};
    scalar_count += !member.is_string;
    if (!member.last) continue;
    for (size_t i = 0; i < scalar_count; ++i) {
      const Scalar& scalar = scalars[i];
      if (!ReadJsonScalar({scalar.begin, scalar.size}, *scalar.text)) return kUnusual;
    }
    return static_cast<size_t>(stop - next.stops);
  }
  return kUnusual;
}

}  // namespace onrush
