// JSON strings with escapes.
#pragma once

#include <string_view>

#include "core/text_arena.h"

namespace onrush {

// Description
//   Decodes the string whose opening quote is just before `p`. Returns the place after the closing
//   quote and sets `text`, in memory from `arena`. Returns null and sets `problem` if an escape is
//   wrong, a surrogate lacks its other half, a control character stands for itself or the quote is
//   not closed. Requires: a newline at `line_end`, none before, and 64 readable bytes after it.
const char* UnescapeJsonString(const char* p, const char* line_end, TextArena& arena,
                               std::string_view& text, const char*& problem);

}  // namespace onrush
