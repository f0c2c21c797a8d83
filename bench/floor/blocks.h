// A file in blocks of whole lines, or of whole pieces of one size.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace floor_bench {

[[noreturn]] inline void Die(const char* what) {
  std::fprintf(stderr, "floor: %s\n", what);
  std::exit(1);
}

// Calls each(begin, end) for blocks of whole lines; 64 bytes may be read after `end`. The last line
// needs its newline.
template <typename Each>
void ForEachBlock(const char* path, Each each) {
  constexpr size_t kBlock = 512 * 1024;
  const int file = open(path, O_RDONLY);
  if (file < 0) Die("cannot open the file");
  const auto buffer = std::make_unique<char[]>(2 * kBlock + 64);
  size_t kept = 0;  // of a line that the last block cut
  while (true) {
    const ssize_t got = read(file, buffer.get() + kept, kBlock);
    if (got < 0) Die("cannot read the file");
    if (got == 0) break;
    const size_t size = kept + static_cast<size_t>(got);
    const auto* last = static_cast<const char*>(memrchr(buffer.get(), '\n', size));
    if (last == nullptr) Die("a line is longer than a block");
    each(static_cast<const char*>(buffer.get()), last + 1);
    kept = static_cast<size_t>(buffer.get() + size - (last + 1));
    std::memmove(buffer.get(), last + 1, kept);
  }
  if (kept != 0) Die("the last line has no newline");
  close(file);
}

// Calls each(begin, end) for blocks of whole pieces of `size` bytes, a divisor of 512 KiB.
template <typename Each>
void ForEachPiece(const char* path, size_t size, Each each) {
  constexpr size_t kBlock = 512 * 1024;
  const int file = open(path, O_RDONLY);
  if (file < 0) Die("cannot open the file");
  const auto buffer = std::make_unique<char[]>(kBlock);
  size_t kept = 0;
  while (true) {
    const ssize_t got = read(file, buffer.get() + kept, kBlock - kept);
    if (got < 0) Die("cannot read the file");
    if (got == 0) break;
    const size_t have = kept + static_cast<size_t>(got);
    kept = have % size;
    each(static_cast<const char*>(buffer.get()), buffer.get() + have - kept);
    std::memmove(buffer.get(), buffer.get() + have - kept, kept);
  }
  if (kept != 0) Die("the last piece is cut short");
  close(file);
}

}  // namespace floor_bench
