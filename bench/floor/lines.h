// The lines of the three inputs, read by people who know what is in them.
//
// Every Next…() reads the line at `p` and returns where the next one begins. A line that looks
// otherwise ends the program.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "bench/floor/blocks.h"
#include "bench/floor/scan.h"

namespace floor_bench {

struct Line {
  int64_t time_ms = 0;
  std::string_view key;
  std::string_view other;  // payments: the merchant
  int64_t number = 0;      // stock: the quantity
};

// Takes the positions of set bits one by one.
class Bits {
 public:
  explicit Bits(uint64_t mask) : mask_(mask) {}
  int Next() {
    if (mask_ == 0) Die("a line is longer than 64 bytes, or lacks a field");
    const int bit = std::countr_zero(mask_);
    mask_ &= mask_ - 1;
    return bit;
  }

 private:
  uint64_t mask_;
};

inline std::string_view Between(const char* p, int begin, int end) {
  return {p + begin, static_cast<size_t>(end - begin)};
}

// ts,user,page
inline const char* NextClickCsv(const char* p, Line& line) {
  Bits stops(Find64(p, ',') | Find64(p, '\n'));
  line.time_ms = Millis(p);
  if (stops.Next() != 13) Die("the time has not 13 digits");
  const int user_end = stops.Next();
  const int end = stops.Next();
  line.key = Between(p, user_end + 1, end);
  return p + end + 1;
}

// ts,card,merchant,amount
inline const char* NextPaymentCsv(const char* p, Line& line) {
  Bits stops(Find64(p, ',') | Find64(p, '\n'));
  line.time_ms = Millis(p);
  if (stops.Next() != 13) Die("the time has not 13 digits");
  const int card_end = stops.Next();
  const int merchant_end = stops.Next();
  line.key = Between(p, 14, card_end);
  line.other = Between(p, card_end + 1, merchant_end);
  return p + stops.Next() + 1;
}

// ts,sku,warehouse,kind,quantity,unit_price
inline const char* NextMovementCsv(const char* p, Line& line) {
  Bits stops(Find64(p, ',') | Find64(p, '\n'));
  line.time_ms = Millis(p);
  if (stops.Next() != 13) Die("the time has not 13 digits");
  const int sku_end = stops.Next();
  stops.Next();
  const int kind_end = stops.Next();
  const int quantity_end = stops.Next();
  line.key = Between(p, 14, sku_end);
  line.number = SmallInt(p + kind_end + 1, p + quantity_end);
  return p + stops.Next() + 1;
}

// JSON Lines as the generator writes them: members in one order, no spaces, no escapes.
class JsonLine {
 public:
  explicit JsonLine(const char* p) : p_(p) {}

  int64_t TakeTime() {
    Expect("{\"ts\":");
    const int64_t time_ms = Millis(p_);
    p_ += 13;
    return time_ms;
  }
  // `name` is with its quotes, comma and colon, and the opening quote.
  std::string_view TakeText(std::string_view name) {
    Expect(name);
    const uint64_t quotes = Find64(p_, '"');
    if (quotes == 0 || (Find64(p_, '\\') & (quotes ^ (quotes - 1))) != 0) Die("an escape");
    const std::string_view text(p_, static_cast<size_t>(std::countr_zero(quotes)));
    p_ += text.size() + 1;
    return text;
  }
  int64_t TakeInt(std::string_view name) {
    Expect(name);
    const char* const begin = p_;
    while (*p_ != ',') ++p_;
    return SmallInt(begin, p_);
  }
  const char* End() {
    while (*p_ != '\n') ++p_;
    return p_ + 1;
  }

 private:
  void Expect(std::string_view text) {
    if (std::memcmp(p_, text.data(), text.size()) != 0) Die("another member than expected");
    p_ += text.size();
  }
  const char* p_;
};

inline const char* NextClickJson(const char* p, Line& line) {
  JsonLine json(p);
  line.time_ms = json.TakeTime();
  json.TakeText(",\"user\":\"");
  line.key = json.TakeText(",\"page\":\"");
  return json.End();
}

inline const char* NextPaymentJson(const char* p, Line& line) {
  JsonLine json(p);
  line.time_ms = json.TakeTime();
  line.key = json.TakeText(",\"card\":\"");
  line.other = json.TakeText(",\"merchant\":\"");
  return json.End();
}

inline const char* NextMovementJson(const char* p, Line& line) {
  JsonLine json(p);
  line.time_ms = json.TakeTime();
  line.key = json.TakeText(",\"sku\":\"");
  json.TakeText(",\"warehouse\":\"");
  json.TakeText(",\"kind\":\"");
  line.number = json.TakeInt(",\"quantity\":");
  return json.End();
}

// JSON Lines with members in any order, each there once, no spaces, no escapes: every name is
// looked at. The members that are wanted differ in their first letter.
template <char key, char other, char number>
const char* NextAnyJson(const char* p, Line& line) {
  if (*p++ != '{') Die("no object");
  for (;; ++p) {
    if (*p != '"') Die("no member");
    const uint64_t quotes = Find64(p + 1, '"');
    if (quotes == 0) Die("a name is longer than 64 bytes");
    const char name = p[1];
    p += std::countr_zero(quotes) + 2;
    if (*p++ != ':') Die("no value");
    if (*p == '"') {
      const uint64_t ends = Find64(p + 1, '"');
      if (ends == 0 || (Find64(p + 1, '\\') & (ends ^ (ends - 1))) != 0) Die("an escape");
      const std::string_view text(p + 1, static_cast<size_t>(std::countr_zero(ends)));
      if (name == key) line.key = text;
      if (other != 0 && name == other) line.other = text;
      p += text.size() + 2;
    } else {
      const uint64_t ends = Find64(p, ',') | Find64(p, '}');
      if (ends == 0) Die("a number is longer than 64 bytes");
      const char* const end = p + std::countr_zero(ends);
      if (name == 't') line.time_ms = Millis(p);
      if (number != 0 && name == number) line.number = SmallInt(p, end);
      p = end;
    }
    if (*p == '}') break;
    if (*p != ',') Die("no comma");
  }
  if (p[1] != '\n') Die("something after an object");
  return p + 2;
}

using NextLine = const char* (*)(const char*, Line&);

// Calls each(line) for every line of a file, by the end of its name: .csv (with a header),
// .any.jsonl (members in any order) or .jsonl.
template <NextLine csv, NextLine json, NextLine any_json, typename Each>
void ForEachLine(const char* path, Each each) {
  const std::string_view name(path);
  bool header = name.ends_with(".csv");
  const auto for_each = [&](auto next) {
    ForEachBlock(path, [&](const char* p, const char* end) {
      if (header) {
        p = static_cast<const char*>(std::memchr(p, '\n', static_cast<size_t>(end - p))) + 1;
      }
      header = false;
      Line line;
      while (p < end) {
        p = next(p, line);
        each(line);
      }
    });
  };
  if (name.ends_with(".csv")) {
    for_each([](const char* p, Line& line) { return csv(p, line); });
  } else if (name.ends_with(".any.jsonl")) {
    for_each([](const char* p, Line& line) { return any_json(p, line); });
  } else {
    for_each([](const char* p, Line& line) { return json(p, line); });
  }
}

}  // namespace floor_bench
