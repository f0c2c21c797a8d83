#include "ingest/record_cutter.h"

#include <random>
#include <string>
#include <vector>

#include "core/runtime/source.h"
#include "doctest/doctest.h"
#include "ingest/byte_order_mark.h"

namespace onrush {
namespace {

// Ends of records by the rules, byte by byte.
std::vector<size_t> ModelEnds(const std::string& text) {
  std::vector<size_t> ends;
  bool field_start = true, quoted = false;
  for (size_t at = text.starts_with(kByteOrderMark) ? 3 : 0; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted) {
      if (c == '"' && at + 1 < text.size() && text[at + 1] == '"') {
        ++at;
      } else if (c == '"') {
        quoted = false;
      }
      continue;
    }
    quoted = c == '"' && field_start;
    field_start = c == ',' || c == '\n';
    if (c == '\n') ends.push_back(at + 1);
  }
  return ends;
}

TEST_SUITE_BEGIN("ingest/record_cutter");

TEST_CASE("the last end of a record is found however the text grows") {
  std::mt19937_64 random(11);
  const std::string alphabet = "aaaaaaaaaaaa,,,\"\"\"\n\n";
  for (int round = 0; round < 20'000; ++round) {
    std::string text = round % 5 == 0 ? std::string(kByteOrderMark) : "";
    const size_t size = random() % 300;
    const bool few_quotes = round % 2 == 0;
    for (size_t i = 0; i < size; ++i) {
      char c = alphabet[random() % alphabet.size()];
      if (c == '"' && few_quotes && random() % 8 != 0) c = 'b';
      text += c;
    }
    const std::vector<size_t> ends = ModelEnds(text);
    CAPTURE(round);
    CAPTURE(text);
    const std::string padded = text + std::string(TextBlock::kPadding, '"');
    RecordCutter cutter(Format::kCsv, ',');
    cutter.StartInput();
    size_t begin = 0, grown = 0;
    while (grown < text.size()) {
      grown = std::min(text.size(), grown + 1 + random() % 90);
      size_t expected = begin;
      for (const size_t end : ends) {
        // Whether a quote closes is known only with the byte after it.
        if (end <= grown) expected = end;
      }
      const size_t end =
          cutter.LastRecordEnd(std::string_view(padded).substr(begin, grown - begin));
      if (grown < kByteOrderMark.size()) continue;
      REQUIRE(begin + end == expected);
      if (end > 0 && random() % 2 == 0) {
        cutter.DropRecords();
        begin += end;
      }
    }
  }
}

TEST_CASE("JSON Lines are cut at newlines, quotes or not") {
  RecordCutter cutter(Format::kJsonLines, ',');
  cutter.StartInput();
  CHECK(cutter.LastRecordEnd("{\"") == 0);
  CHECK(cutter.LastRecordEnd("{\"\n\"") == 3);
  CHECK(cutter.LastRecordEnd("{\"\n\"a") == 3);
  cutter.DropRecords();
  CHECK(cutter.LastRecordEnd("\"a\n") == 3);
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
