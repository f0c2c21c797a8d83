// Cuts the text of an expression into words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace onrush {

struct ExprToken {
  enum class Kind : uint8_t {
    kName,    // a field: [A-Za-z_][A-Za-z0-9_.]*, no keyword
    kWord,    // a keyword
    kNumber,  // digits, perhaps a point and more digits
    kString,  // `text` without the quotes
    kSymbol,  // an operator, a parenthesis, a comma
    kEnd,
  };
  Kind kind = Kind::kEnd;
  size_t offset = 0;        // in bytes
  std::string_view source;  // as written
  std::string text;         // kString only
};

// The tokens of `text`, kEnd last; they refer to it. Fails like ParseExpression().
absl::StatusOr<std::vector<ExprToken>> TokenizeExpression(std::string_view text);

// "column 8: found …; would be right: …", where the column of `offset` counts characters from 1.
absl::Status ExpressionErrorAt(std::string_view text, size_t offset, std::string_view found,
                               std::string_view right);

}  // namespace onrush
