#include "core/expression_lexer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/status_macros.h"
#include "core/utf8.h"
#include "fmt/format.h"

namespace onrush {
namespace {

constexpr std::array<std::string_view, 9> kKeywords = {"and",  "or",    "not",         "in",  "is",
                                                       "null", "false", "starts_with", "true"};

// Longest first.
constexpr std::array<std::string_view, 13> kSymbols = {"!=", "<=", ">=", "=", "<", ">", "+",
                                                       "-",  "*",  "/",  "(", ")", ","};

// What other languages write, and what is meant.
struct Habit {
  std::string_view found;
  std::string_view right;
};
constexpr std::array<Habit, 7> kHabits = {{{"==", "'='"},
                                           {"<>", "'!='"},
                                           {"&&", "'and'"},
                                           {"||", "'or'"},
                                           {"!", "'not', or '!='"},
                                           {"\"", "a string in single quotes"},
                                           {"`", "a field's name without quotes"}}};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsNameStart(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; }
bool IsNamePart(char c) { return IsNameStart(c) || IsDigit(c) || c == '.'; }
bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  absl::StatusOr<ExprToken> Next() {
    while (position_ < text_.size() && IsSpace(text_[position_])) ++position_;
    if (position_ == text_.size()) return Take(ExprToken::Kind::kEnd, 0);
    const char first = text_[position_];
    if (IsNameStart(first)) return Name();
    if (IsDigit(first)) return Number();
    if (first == '\'') return String();
    return Symbol();
  }

 private:
  ExprToken Take(ExprToken::Kind kind, size_t size) {
    ExprToken token{kind, position_, text_.substr(position_, size), {}};
    position_ += size;
    return token;
  }

  ExprToken Name() {
    size_t end = position_;
    while (end < text_.size() && IsNamePart(text_[end])) ++end;
    const std::string_view word = text_.substr(position_, end - position_);
    const bool keyword = std::find(kKeywords.begin(), kKeywords.end(), word) != kKeywords.end();
    return Take(keyword ? ExprToken::Kind::kWord : ExprToken::Kind::kName, word.size());
  }

  absl::StatusOr<ExprToken> Number() {
    size_t end = position_;
    size_t points = 0;
    while (end < text_.size() && IsNamePart(text_[end])) points += text_[end++] == '.' ? 1 : 0;
    const std::string_view number = text_.substr(position_, end - position_);
    const bool digits =
        std::all_of(number.begin(), number.end(), [](char c) { return IsDigit(c) || c == '.'; });
    if (!digits || points > 1 || number.back() == '.') {
      return ExpressionErrorAt(text_, position_, fmt::format("'{}'", number),
                               "a number such as 12 or 0.5");
    }
    return Take(ExprToken::Kind::kNumber, number.size());
  }

  absl::StatusOr<ExprToken> String() {
    std::string value;
    for (size_t i = position_ + 1; i < text_.size(); ++i) {
      if (text_[i] != '\'') {
        value.push_back(text_[i]);
      } else if (i + 1 < text_.size() && text_[i + 1] == '\'') {
        value.push_back(text_[i++]);
      } else {
        ExprToken token = Take(ExprToken::Kind::kString, i + 1 - position_);
        token.text = std::move(value);
        return token;
      }
    }
    return ExpressionErrorAt(text_, position_, "a string that is not closed",
                             "a single quote at its end");
  }

  absl::StatusOr<ExprToken> Symbol() {
    const std::string_view rest = text_.substr(position_);
    for (const Habit& habit : kHabits) {
      if (rest.starts_with(habit.found) && !rest.starts_with("!=")) {
        return ExpressionErrorAt(text_, position_, fmt::format("'{}'", habit.found), habit.right);
      }
    }
    for (std::string_view symbol : kSymbols) {
      if (rest.starts_with(symbol)) return Take(ExprToken::Kind::kSymbol, symbol.size());
    }
    size_t size = 1;
    while (size < rest.size() && IsUtf8Continuation(rest[size])) ++size;
    return ExpressionErrorAt(text_, position_, fmt::format("'{}'", rest.substr(0, size)),
                             "a field, an operator, a number or a string in single quotes");
  }

  std::string_view text_;
  size_t position_ = 0;
};

}  // namespace

absl::StatusOr<std::vector<ExprToken>> TokenizeExpression(std::string_view text) {
  Lexer lexer(text);
  std::vector<ExprToken> tokens;
  do {
    ONRUSH_ASSIGN_OR_RETURN(ExprToken token, lexer.Next());
    tokens.push_back(std::move(token));
  } while (tokens.back().kind != ExprToken::Kind::kEnd);
  return tokens;
}

absl::Status ExpressionErrorAt(std::string_view text, size_t offset, std::string_view found,
                               std::string_view right) {
  const size_t column = 1 + CountUtf8Characters(text.substr(0, offset));
  return absl::InvalidArgumentError(
      fmt::format("column {}: found {}; would be right: {}", column, found, right));
}

}  // namespace onrush
