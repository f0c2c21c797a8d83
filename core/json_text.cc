#include "core/json_text.h"

#include <charconv>
#include <cstdint>
#include <cstring>

namespace onrush {
namespace {

constexpr char kHex[] = "0123456789abcdef";

// The length of the well-formed UTF-8 sequence at `p`, or 0; then `*skip` is the length of the
// maximal ill-formed subpart there. Table 3-7 of the Unicode Standard.
int SequenceLength(const unsigned char* p, const unsigned char* end, int* skip) {
  const unsigned char lead = *p;
  *skip = 1;
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  unsigned char low = 0x80, high = 0xBF;  // the range of the second byte
  if (lead == 0xE0) low = 0xA0;
  if (lead == 0xED) high = 0x9F;
  if (lead == 0xF0) low = 0x90;
  if (lead == 0xF4) high = 0x8F;
  for (int i = 1; i < length; ++i) {
    if (p + i == end || p[i] < low || p[i] > high) {
      *skip = i;
      return 0;
    }
    low = 0x80;
    high = 0xBF;
  }
  return length;
}

void AppendEscaped(unsigned char c, std::string& out) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += kHex[c >> 4];
      out += kHex[c & 15];
  }
}

bool IsPlain(unsigned char c) { return c >= 0x20 && c < 0x80 && c != '"' && c != '\\'; }

// True if all eight bytes stand for themselves in a JSON string. Exact: no byte's test can be
// disturbed by its neighbour, since bytes ≥ 0x80 are refused first.
bool EightPlain(const char* p) {
  uint64_t word;
  std::memcpy(&word, p, 8);
  constexpr uint64_t kOnes = 0x0101010101010101u, kHighs = 0x8080808080808080u;
  if ((word & kHighs) != 0) return false;
  const auto has_zero = [](uint64_t x) { return (x - kOnes) & ~x & kHighs; };
  const uint64_t below_space = (word - 0x20 * kOnes) & kHighs;
  return (below_space | has_zero(word ^ ('"' * kOnes)) | has_zero(word ^ ('\\' * kOnes))) == 0;
}

}  // namespace

void AppendJsonString(std::string_view bytes, std::string& out) {
  out.push_back('"');
  const char* run = bytes.data();  // bytes that stand for themselves, not yet appended
  const char* p = run;
  const char* const end = p + bytes.size();
  while (p < end) {
    if (end - p >= 8 && EightPlain(p)) {
      p += 8;
      continue;
    }
    const unsigned char c = static_cast<unsigned char>(*p);
    if (IsPlain(c)) {
      ++p;
      continue;
    }
    int skip = 1;
    const int length = c < 0x80
                           ? 0
                           : SequenceLength(reinterpret_cast<const unsigned char*>(p),
                                            reinterpret_cast<const unsigned char*>(end), &skip);
    if (length > 0) {
      p += length;
      continue;
    }
    out.append(run, p);
    if (c < 0x80) {
      AppendEscaped(c, out);
    } else {
      out += "\xEF\xBF\xBD";
    }
    p += skip;
    run = p;
  }
  out.append(run, end);
  out.push_back('"');
}

std::string JsonMemberName(std::string_view name) {
  std::string text = ",";
  AppendJsonString(name, text);
  return text + ":";
}

void AppendJsonFloat(double value, std::string& out) {
  if (value == 0) value = 0;  // no negative zero
  char buffer[40];
  const auto result = std::to_chars(buffer, buffer + sizeof(buffer), value);
  const std::string_view text(buffer, static_cast<size_t>(result.ptr - buffer));
  out += text;
  if (text.find_first_not_of("-0123456789") == std::string_view::npos) out += ".0";
}

bool IsUtf8(std::string_view bytes) {
  const auto* p = reinterpret_cast<const unsigned char*>(bytes.data());
  const auto* const end = p + bytes.size();
  while (p < end) {
    while (end - p >= 16) {  // runs of ASCII, two words at a time
      uint64_t words[2];
      std::memcpy(words, p, 16);
      if (((words[0] | words[1]) & 0x8080808080808080u) != 0) break;
      p += 16;
    }
    if (p == end) break;
    int skip = 0;
    const int length = SequenceLength(p, end, &skip);
    if (length == 0) return false;
    p += length;
  }
  return true;
}

void AppendBase64(std::string_view bytes, std::string& out) {
  constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t count = bytes.size() - i < 3 ? bytes.size() - i : 3;
    uint32_t group = 0;
    for (size_t j = 0; j < 3; ++j) {
      group = group << 8 | (j < count ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    }
    for (size_t j = 0; j < 4; ++j) {
      out.push_back(j <= count ? kAlphabet[group >> (18 - 6 * j) & 63] : '=');
    }
  }
}

}  // namespace onrush
