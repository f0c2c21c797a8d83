// Assertions for bugs in onrush itself. Bad input and bad settings are absl::Status, never these.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace onrush::internal {

[[noreturn]] inline void CheckFailed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "onrush: %s:%d: check failed: %s\n", file, line, condition);
  std::abort();
}

}  // namespace onrush::internal

// Always checked.
#define ONRUSH_CHECK(condition) \
  ((condition) ? (void)0 : ::onrush::internal::CheckFailed(#condition, __FILE__, __LINE__))

// Checked in debug and sanitizer builds only; the condition must have no side effects.
#ifdef NDEBUG
#define ONRUSH_DCHECK(condition) ((void)0)
#else
#define ONRUSH_DCHECK(condition) ONRUSH_CHECK(condition)
#endif
