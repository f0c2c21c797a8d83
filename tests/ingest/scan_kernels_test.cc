#include "ingest/scan_kernels.h"

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "doctest/doctest.h"
#include "tests/support/decode_all.h"

namespace onrush {
namespace {

// Texts in which what the kernels look for is rare, frequent, and beside what resembles it.
std::vector<std::string> Texts() {
  std::mt19937_64 random(17);
  const std::string alphabet = "ab,;\n\"\\\t\r\x1F\x20\x7F\x80\x8A\xA2\xAC\xDC\xFF{}";
  std::vector<std::string> texts;
  for (int round = 0; round < 200; ++round) {
    std::string text(64 * (1 + random() % 20), 'x');
    const size_t changes = random() % text.size();
    for (size_t i = 0; i < changes; ++i) {
      text[random() % text.size()] =
          round % 4 == 0 ? static_cast<char>(random()) : alphabet[random() % alphabet.size()];
    }
    texts.push_back(text);
  }
  texts.push_back(std::string(640, '"'));
  texts.push_back(std::string(640, '\n'));
  return texts;
}

template <typename Predicate>
uint64_t MaskOf(const std::string& text, size_t chunk, Predicate predicate) {
  uint64_t mask = 0;
  for (size_t i = 0; i < 64; ++i) mask |= uint64_t{predicate(text[64 * chunk + i])} << i;
  return mask;
}

TEST_SUITE_BEGIN("ingest/scan_kernels");

TEST_CASE("every kernel that runs here counts bytes in texts of any length") {
  for (const ScanKernels* const* kernels = AllScanKernels(); *kernels != nullptr; ++kernels) {
    CAPTURE(std::string((*kernels)->name));
    for (const std::string& text : Texts()) {
      for (const size_t size : {size_t{0}, size_t{1}, text.size() / 3, text.size()}) {
        const auto expected = std::count(text.begin(), text.begin() + size, '\n');
        REQUIRE((*kernels)->count(text.data(), size, '\n') == static_cast<uint64_t>(expected));
      }
    }
  }
}

TEST_CASE("every kernel that runs here finds what a plain loop finds in CSV") {
  for (const ScanKernels* const* kernels = AllScanKernels(); *kernels != nullptr; ++kernels) {
    CAPTURE(std::string((*kernels)->name));
    for (const std::string& text : Texts()) {
      for (const char delimiter : {',', '\t', '\xAC'}) {
        std::vector<CsvMasks> masks(text.size() / 64);
        const bool quotes =
            (*kernels)->csv_masks(text.data(), masks.size(), delimiter, masks.data());
        REQUIRE(quotes == (text.find('"') != std::string::npos));
        for (size_t i = 0; i < masks.size(); ++i) {
          REQUIRE(masks[i].newlines == MaskOf(text, i, [](char c) { return c == '\n'; }));
          REQUIRE(masks[i].quotes == MaskOf(text, i, [](char c) { return c == '"'; }));
          REQUIRE(masks[i].ends ==
                  MaskOf(text, i, [&](char c) { return c == '\n' || c == delimiter; }));
        }
      }
    }
  }
}

TEST_CASE("every kernel that runs here finds what a plain loop finds in JSON") {
  for (const ScanKernels* const* kernels = AllScanKernels(); *kernels != nullptr; ++kernels) {
    CAPTURE(std::string((*kernels)->name));
    for (const std::string& text : Texts()) {
      std::vector<uint64_t> stops(text.size() / 64);
      const bool non_ascii = (*kernels)->json_stops(text.data(), stops.size(), stops.data());
      bool expected = false;
      for (const char c : text) expected |= static_cast<unsigned char>(c) >= 0x80;
      REQUIRE(non_ascii == expected);
      for (size_t i = 0; i < stops.size(); ++i) {
        REQUIRE(stops[i] == MaskOf(text, i, [](char c) {
                  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
                }));
      }
    }
  }
}

TEST_CASE("every kernel that runs here writes the positions of set bits, and little beyond") {
  std::mt19937_64 random(19);
  for (const ScanKernels* const* kernels = AllScanKernels(); *kernels != nullptr; ++kernels) {
    CAPTURE(std::string((*kernels)->name));
    for (int round = 0; round < 500; ++round) {
      const size_t stride = 1 + random() % 3, count = 1 + random() % 8;
      std::vector<uint64_t> masks(stride * count);
      for (uint64_t& mask : masks) {
        mask = random();
        if (round % 2 == 0) mask &= random() & random() & random();
        if (round % 7 == 0) mask = random() % 2 == 0 ? 0 : ~uint64_t{0};
      }
      const uint32_t base = static_cast<uint32_t>(random() % 1'000'000);
      std::vector<uint32_t> expected;
      for (size_t n = 0; n < count; ++n) {
        for (uint32_t i = 0; i < 64; ++i) {
          if ((masks[n * stride] >> i & 1) != 0)
            expected.push_back(base + 64 * static_cast<uint32_t>(n) + i);
        }
      }
      constexpr uint32_t kUntouched = 0xABCDABCD;
      std::vector<uint32_t> out(expected.size() + ScanKernels::kOverwritten + 4, kUntouched);
      REQUIRE((*kernels)->write_positions(masks.data(), count, stride, base, out.data()) ==
              expected.size());
      for (size_t i = 0; i < expected.size(); ++i) REQUIRE(out[i] == expected[i]);
      for (size_t i = out.size() - 4; i < out.size(); ++i) REQUIRE(out[i] == kUntouched);
    }
  }
}

TEST_CASE("the portable kernel is always among them, the best one first") {
  const ScanKernels* const* kernels = AllScanKernels();
  CHECK(&BestScanKernels() == kernels[0]);
  while (kernels[1] != nullptr) ++kernels;
  CHECK(kernels[0] == &kPortableScanKernels);
}

TEST_CASE("a decoder uses the kernels that it is given") {
  static int uses;
  ScanKernels counting = kPortableScanKernels;
  counting.csv_masks = [](const char* p, size_t count, char delimiter, CsvMasks* masks) {
    ++uses;
    return kPortableScanKernels.csv_masks(p, count, delimiter, masks);
  };
  counting.json_stops = [](const char* p, size_t count, uint64_t* stops) {
    ++uses;
    return kPortableScanKernels.json_stops(p, count, stops);
  };
  const StreamPlan stream = MakeStream({{"ts", {TypeKind::kTimestamp}}});
  for (const auto& [format, text] : {std::pair<Format, std::string>{Format::kCsv, "ts\n1\n"},
                                     {Format::kJsonLines, "{\"ts\":1}\n"}}) {
    uses = 0;
    const auto source = *MemorySource::Create({{"f", text}}, format, ',', {});
    const auto rows = DecodeSource(stream, format, *source, 10, counting);
    REQUIRE(rows.ok());
    CHECK(rows->size() == 1);
    CHECK(uses > 0);
  }
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
