#include <map>
#include <set>

#include "tests/support/model_records.h"
#include "tests/support/model_text.h"

namespace onrush::model {
namespace {

// The declared names as a tree: "a.b" is the child b of the child a.
struct Names {
  std::map<std::string, Names> children;
  std::optional<size_t> field;
};

Names NameTree(const StreamPlan& stream) {
  Names root;
  for (size_t i = 0; i < stream.fields.size(); ++i) {
    Names* node = &root;
    std::string rest = stream.fields[i].name;
    for (size_t dot = rest.find('.'); dot != std::string::npos; dot = rest.find('.')) {
      node = &node->children[rest.substr(0, dot)];
      rest = rest.substr(dot + 1);
    }
    node->children[rest].field = i;
  }
  return root;
}

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string Utf8(unsigned code) {
  const auto tail = [&](int shift) { return static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xC0 | (code >> 6)), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xE0 | (code >> 12)), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | (code >> 18)), tail(12), tail(6), tail(0)};
}

// Reads one line. Each Read… and Skip… returns false at the first thing that is wrong.
class LineReader {
 public:
  LineReader(const std::string& line, std::vector<std::optional<std::string>>& fields)
      : line_(line), fields_(fields) {}

  bool ReadLine(const Names& names) {
    SkipSpace();
    if (!ReadObject(names)) return false;
    SkipSpace();
    return at_ == line_.size();
  }

 private:
  char Peek() const { return at_ < line_.size() ? line_[at_] : '\0'; }
  bool Eat(char c) {
    if (at_ >= line_.size() || line_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool EatWord(const std::string& word) {
    if (line_.compare(at_, word.size(), word) != 0) return false;
    at_ += word.size();
    return true;
  }
  void SkipSpace() {
    while (at_ < line_.size() && IsSpace(line_[at_])) ++at_;
  }

  bool ReadObject(const Names& names) {
    std::set<std::string> seen;
    if (!Eat('{')) return false;
    SkipSpace();
    if (Eat('}')) return true;
    do {
      SkipSpace();
      // A name that is not well-formed is none that anybody declared.
      std::string name;
      const size_t begin = at_;
      bool declared = ReadString(name);
      if (!declared) {
        at_ = begin;
        if (Peek() != '"' || !SkipString()) return false;
      }
      SkipSpace();
      if (!Eat(':')) return false;
      SkipSpace();
      const auto child = names.children.find(name);
      declared = declared && child != names.children.end() && seen.insert(name).second;
      if (!(declared ? ReadDeclared(child->second) : SkipValue())) return false;
      SkipSpace();
    } while (Eat(','));
    return Eat('}');
  }

  bool ReadDeclared(const Names& names) {
    if (!names.field) {
      // Where the path does not go on, all below is null; only an array is bad.
      if (Peek() == '[') return false;
      return Peek() == '{' ? ReadObject(names) : SkipValue();
    }
    std::string text;
    if (Peek() == '"') {
      if (!ReadString(text)) return false;
    } else if (EatWord("true")) {
      text = "true";
    } else if (EatWord("false")) {
      text = "false";
    } else if (!EatWord("null") && !ReadNumber(text)) {
      return false;
    }
    if (!text.empty()) fields_[*names.field] = text;
    return AtValueEnd();
  }

  bool AtValueEnd() const {
    return Peek() == ',' || Peek() == '}' || Peek() == ']' || IsSpace(Peek());
  }

  bool ReadNumber(std::string& text) {
    const size_t begin = at_;
    Eat('-');
    if (!Eat('0') && !SkipDigits()) return false;
    if (Eat('.') && !SkipDigits()) return false;
    if (Peek() == 'e' || Peek() == 'E') {
      ++at_;
      if (!Eat('+')) Eat('-');
      if (!SkipDigits()) return false;
    }
    text = line_.substr(begin, at_ - begin);
    return true;
  }
  bool SkipDigits() {
    const size_t begin = at_;
    while (IsDigit(Peek())) ++at_;
    return at_ > begin;
  }

  bool ReadString(std::string& text) {
    if (!Eat('"')) return false;
    while (at_ < line_.size()) {
      const char c = line_[at_++];
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c != '\\') {
        text += c;
      } else if (!ReadEscape(text)) {
        return false;
      }
    }
    return false;
  }

  bool ReadEscape(std::string& text) {
    static const std::map<char, char> kSimple = {{'"', '"'},  {'\\', '\\'}, {'/', '/'},
                                                 {'b', '\b'}, {'f', '\f'},  {'n', '\n'},
                                                 {'r', '\r'}, {'t', '\t'}};
    if (at_ == line_.size()) return false;
    const char c = line_[at_++];
    if (const auto simple = kSimple.find(c); simple != kSimple.end()) {
      text += simple->second;
      return true;
    }
    unsigned code = 0;
    if (c != 'u' || !ReadHex(code)) return false;
    if (code >= 0xDC00 && code <= 0xDFFF) return false;
    if (code >= 0xD800 && code <= 0xDBFF) {
      unsigned low = 0;
      if (!EatWord("\\u") || !ReadHex(low) || low < 0xDC00 || low > 0xDFFF) return false;
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    text += Utf8(code);
    return true;
  }

  bool ReadHex(unsigned& code) {
    static const std::string kDigits = "0123456789abcdef";
    for (int i = 0; i < 4; ++i) {
      char c = Peek();
      if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
      const size_t digit = at_ < line_.size() ? kDigits.find(c) : std::string::npos;
      if (digit == std::string::npos) return false;
      code = code * 16 + static_cast<unsigned>(digit);
      ++at_;
    }
    return true;
  }

  // Skips a value that nobody asked for, looking only for closed strings and balanced brackets.
  bool SkipValue() {
    if (Peek() == '"') return SkipString();
    if (Peek() == '{' || Peek() == '[') return SkipBrackets();
    const size_t begin = at_;
    while (at_ < line_.size() && !AtValueEnd()) ++at_;
    return at_ > begin;
  }

  bool SkipString() {
    for (++at_; at_ < line_.size(); ++at_) {
      if (line_[at_] == '"') {
        ++at_;
        return true;
      }
      if (line_[at_] == '\\') ++at_;
    }
    return false;
  }

  bool SkipBrackets() {
    std::string open;  // the brackets that wait for the other one
    while (at_ < line_.size()) {
      const char c = line_[at_];
      if (c == '"') {
        if (!SkipString()) return false;
        continue;
      }
      ++at_;
      if (c == '{' || c == '[') open += c;
      if (c == '}' || c == ']') {
        if (open.back() != (c == '}' ? '{' : '[')) return false;
        open.pop_back();
      }
      if (open.empty()) return true;
    }
    return false;
  }

  const std::string& line_;
  std::vector<std::optional<std::string>>& fields_;
  size_t at_ = 0;
};

}  // namespace

std::vector<Record> ReadJsonLines(const StreamPlan& stream, const std::string& text) {
  const Names names = NameTree(stream);
  std::vector<Record> records = ReadLines(stream, text);
  for (Record& record : records) {
    LineReader reader(record.raw, record.fields);
    if (!IsValidUtf8(record.raw)) {
      record.reason = "not UTF-8";
    } else if (!reader.ReadLine(names)) {
      record.reason = "not a JSON object";
    }
  }
  return records;
}

}  // namespace onrush::model
