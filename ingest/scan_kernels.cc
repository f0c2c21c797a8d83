#include "ingest/scan_kernels.h"

#include <algorithm>
#include <array>
#include <bit>

#include "ingest/byte_masks.h"

namespace onrush {
namespace {

uint64_t Count(const char* p, size_t size, char wanted) {
  return static_cast<uint64_t>(std::count(p, p + size, wanted));
}

bool CsvMasksOf(const char* p, size_t count, char delimiter, CsvMasks* masks) {
  uint64_t quotes = 0;
  for (size_t i = 0; i < count; ++i) {
    const Bytes64 bytes(p + 64 * i);
    masks[i].newlines = bytes.Equal('\n');
    masks[i].ends = bytes.Equal(delimiter) | masks[i].newlines;
    masks[i].quotes = bytes.Equal('"');
    quotes |= masks[i].quotes;
  }
  return quotes != 0;
}

bool JsonStopsOf(const char* p, size_t count, uint64_t* stops) {
  uint64_t non_ascii = 0;
  for (size_t i = 0; i < count; ++i) {
    const Bytes64 bytes(p + 64 * i);
    stops[i] = bytes.Equal('"') | bytes.Equal('\\') | bytes.Control();
    non_ascii |= bytes.NonAscii();
  }
  return non_ascii != 0;
}

// Eight at a time, whether there are so many or not, which leaves few branches to be guessed.
size_t WritePositions(const uint64_t* masks, size_t count, size_t stride, uint32_t base,
                      uint32_t* out) {
  const uint32_t* const begin = out;
  constexpr uint64_t kGuard = uint64_t{1} << 63;  // so that there is always a lowest bit
  for (size_t n = 0; n < count; ++n, base += 64) {
    uint64_t bits = masks[n * stride];
    const int bit_count = std::popcount(bits);
    for (int written = 0; written < bit_count; written += 8) {
      for (int i = 0; i < 8; ++i) {
        out[written + i] = base + static_cast<uint32_t>(std::countr_zero(bits | kGuard));
        bits &= bits - 1;
      }
    }
    out += bit_count;
  }
  return static_cast<size_t>(out - begin);
}

}  // namespace

constexpr ScanKernels kPortableScanKernels = {"portable", Count, CsvMasksOf, JsonStopsOf,
                                              WritePositions};

const ScanKernels* const* AllScanKernels() {
  static const auto all = [] {
    std::array<const ScanKernels*, 4> found = {};
    size_t count = 0;
    for (const ScanKernels* kernels :
         {Avx512ScanKernels(), Avx2ScanKernels(), &kPortableScanKernels}) {
      if (kernels != nullptr) found[count++] = kernels;
    }
    return found;
  }();
  return all.data();
}

const ScanKernels& BestScanKernels() { return *AllScanKernels()[0]; }

}  // namespace onrush
