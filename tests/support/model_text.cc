#include "tests/support/model_text.h"

#include <algorithm>
#include <cstdio>

namespace onrush::model {
namespace {

constexpr const char* kReplacement = "\xEF\xBF\xBD";

// What stands at the beginning of `bytes`: a character or the longest beginning of one.
struct Piece {
  size_t size = 1;
  bool valid = false;
};

// The Unicode Standard's table 3-7: which second bytes may follow a lead byte.
Piece FirstPiece(std::string_view bytes) {
  const auto byte = [&](size_t i) {
    return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u;
  };
  const unsigned lead = byte(0);
  if (lead < 0x80) return {1, true};
  size_t length = 0;
  unsigned low = 0x80;
  unsigned high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) length = 2;
  if (lead >= 0xE0 && lead <= 0xEF) length = 3;
  if (lead >= 0xF0 && lead <= 0xF4) length = 4;
  if (length == 0) return {1, false};
  if (lead == 0xE0) low = 0xA0;
  if (lead == 0xED) high = 0x9F;
  if (lead == 0xF0) low = 0x90;
  if (lead == 0xF4) high = 0x8F;
  if (byte(1) < low || byte(1) > high) return {1, false};
  for (size_t i = 2; i < length; ++i) {
    if (byte(i) < 0x80 || byte(i) > 0xBF) return {i, false};
  }
  return {length, true};
}

std::string Escaped(char c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\b':
      return "\\b";
    case '\f':
      return "\\f";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      break;
  }
  if (static_cast<unsigned char>(c) >= 0x20) return std::string(1, c);
  char buffer[8];
  std::snprintf(buffer, sizeof buffer, "\\u%04x", static_cast<unsigned>(c));
  return buffer;
}

std::string Base64(std::string_view bytes) {
  static constexpr char kDigits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t count = std::min<size_t>(3, bytes.size() - i);
    unsigned group = 0;
    for (size_t j = 0; j < 3; ++j) {
      group = group * 256 + (j < count ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    }
    for (size_t j = 0; j < 4; ++j) {
      out += j <= count ? kDigits[(group >> (18 - 6 * j)) & 63] : '=';
    }
  }
  return out;
}

}  // namespace

std::string JsonString(std::string_view bytes) {
  std::string out = "\"";
  while (!bytes.empty()) {
    const Piece piece = FirstPiece(bytes);
    if (!piece.valid) {
      out += kReplacement;
    } else if (piece.size == 1) {
      out += Escaped(bytes[0]);
    } else {
      out += bytes.substr(0, piece.size);
    }
    bytes.remove_prefix(piece.size);
  }
  return out + '"';
}

bool IsValidUtf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const Piece piece = FirstPiece(bytes);
    if (!piece.valid) return false;
    bytes.remove_prefix(piece.size);
  }
  return true;
}

std::string RawMember(std::string_view bytes) {
  if (IsValidUtf8(bytes)) return "\"raw\":" + JsonString(bytes);
  return "\"raw_base64\":\"" + Base64(bytes) + '"';
}

}  // namespace onrush::model
