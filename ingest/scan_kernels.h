// The few loops over all bytes of a text, in a version for each kind of processor.
#pragma once

#include <cstddef>
#include <cstdint>

namespace onrush {

// What a chunk of 64 bytes holds; bit i speaks of byte i.
struct CsvMasks {
  uint64_t ends = 0;  // delimiters and newlines
  uint64_t newlines = 0;
  uint64_t quotes = 0;
};

// Description
//   Texts in chunks: of the last, some may reach into the padding.
// Threads
//   Immutable.
struct ScanKernels {
  const char* name;

  // How often `wanted` is among the `size` bytes from `p` on.
  uint64_t (*count)(const char* p, size_t size, char wanted);

  // Describes `count` chunks from `p` on. False if none holds a quote.
  bool (*csv_masks)(const char* p, size_t count, char delimiter, CsvMasks* masks);

  // Finds quotes, backslashes and control characters in `count` chunks from `p` on. False if all
  // bytes are ASCII.
  bool (*json_stops)(const char* p, size_t count, uint64_t* stops);

  // Writes base + 64 · n + i for every bit i that is set in masks[n * stride], in ascending order,
  // and returns how many. May overwrite kOverwritten entries more.
  size_t (*write_positions)(const uint64_t* masks, size_t count, size_t stride, uint32_t base,
                            uint32_t* out);
  static constexpr size_t kOverwritten = 16;
};

// The fastest that this processor can run, chosen once.
const ScanKernels& BestScanKernels();

// All that this processor can run, for tests, ending in a null pointer.
const ScanKernels* const* AllScanKernels();

// Runs on any processor. The others are null where the compiler or the processor lacks them.
extern const ScanKernels kPortableScanKernels;
const ScanKernels* Avx2ScanKernels();
const ScanKernels* Avx512ScanKernels();

}  // namespace onrush
