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
  const size_t shift = 64 - 8 * std::min<size_t>(size, 8);
  const size_t last_at = std::max<size_t>(size, 8) - 8;
  return {LoadWord(begin) << shift, LoadWord(begin + last_at) << shift, size};
}

inline uint32_t JsonFlatLine::Find(std::string_view text) const {
  const Name name = NameOf(text.data(), text.size());
  const Known& known = table_[SlotOf(name)];
  // Not a comparison of the two, of which the compiler makes branches.
  const uint64_t differs = (known.name.first ^ name.first) | (known.name.last ^ name.last) |
                           (known.name.size ^ name.size);
  const uint32_t found = differs == 0 ? UINT32_MAX : 0;
  const uint32_t member = kUndeclared ^ ((known.member ^ kUndeclared) & found);
  return text.size() <= 16 || known.text == text ? member : kUndeclared;
}

// A member, and whether it is the object's last.
struct JsonFlatLine::Member {
  std::string_view name;   // not empty
  std::string_view value;  // of a string, what is between the quotes, if that is all
  size_t is_string;        // 1, or 0
  bool last;
  size_t overhang = 0;  // of the members so far; not 0: one has more than the string it begins with

  // Takes the member whose first stop is `stop`, which moves to the next one's, or to the newline.
  // False if it is unusual; but what is no string may be anything. (Left to itself, the compiler
  // makes a call of it, which doubles its time.)
  [[gnu::always_inline]] bool Take(const char* base, const uint32_t*& stop) {
    const char* const name_begin = base + stop[0] + 1;
    const char* const name_end = base + stop[1];
    if (name_begin[-1] != '"' || name_end[0] != '"' || name_end[1] != ':') return false;
    name = {name_begin, static_cast<size_t>(name_end - name_begin)};

    const char* const begin = name_end + 2 + (name_end[2] == ' ');
    is_string = *begin == '"';
    const char* const close = base + stop[1 + 2 * is_string];
    if (*close != '"') return false;
    stop += 2 + 2 * is_string;

    // Before the next stop stands `,` and perhaps a space, or `}` and perhaps a carriage return.
    const char* end = base + *stop;
    last = *end == '\n';
    --end;
    end -= *end == (last ? '\r' : ' ');
    if (*end != (last ? '}' : ',') || end < begin) return false;
    overhang |= static_cast<size_t>(end - (close + 1)) & -is_string;
    value = {begin + is_string, static_cast<size_t>(end - begin) - 2 * is_string};
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
    const bool declared = field != kUndeclared;
    seen |= uint64_t{declared} << field;
    std::string_view* const places[] = {&undeclared, texts + field * declared};
    std::string_view* const text = places[declared];
    *text = member.value;
    scalars[scalar_count] = {member.value.data(), member.value.size(), text};
    scalar_count += 1 - member.is_string;
    if (!member.last) continue;
    if (member.overhang != 0) return kUnusual;
    for (size_t i = 0; i < scalar_count; ++i) {
      const Scalar& scalar = scalars[i];
      if (!ReadJsonScalar({scalar.begin, scalar.size}, *scalar.text)) return kUnusual;
    }
    return static_cast<size_t>(stop - next.stops);
  }
  return kUnusual;
}

}  // namespace onrush
