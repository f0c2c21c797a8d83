// What the processor can do beyond what the program is compiled for.
#pragma once

// Before a function: it may use AVX2, so it must only be called where HasAvx2() says so.
#if defined(__x86_64__)
#define ONRUSH_AVX2 [[gnu::target("avx2")]]
#else
#define ONRUSH_AVX2
#endif

namespace onrush {

inline bool HasAvx2() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") != 0;
#else
  return false;
#endif
}

}  // namespace onrush
