#include <algorithm>
#include <cstdio>
#include <map>

#include "tests/support/model_text.h"
#include "tests/support/random_records.h"

namespace onrush {
namespace {

// Members by name; a nested object is written as one value.
struct Members {
  std::map<std::string, Members> children;
  std::optional<size_t> field;
};

class JsonWriter {
 public:
  JsonWriter(const StreamPlan& stream, RandomSource& random) : stream_(stream), random_(random) {
    for (size_t i = 0; i < stream.fields.size(); ++i) {
      Members* node = &root_;
      std::string rest = stream.fields[i].name;
      for (size_t dot = rest.find('.'); dot != std::string::npos; dot = rest.find('.')) {
        node = &node->children[rest.substr(0, dot)];
        rest = rest.substr(dot + 1);
      }
      node->children[rest].field = i;
    }
    broken_percent_ = random.Pick<uint64_t>({0, 0, 3});
    odd_percent_ = random.Pick<uint64_t>({0, 5});
  }

  std::string Write(const std::vector<FieldTexts>& events) {
    std::string text = random_.Percent(5) ? "\xEF\xBB\xBF" : "";
    for (const FieldTexts& event : events) {
      if (random_.Percent(2)) text += random_.Pick<std::string>({"\n", " \t\n", "\r\n"});
      std::string line = Space() + Object(root_, event) + Space();
      if (random_.Percent(broken_percent_)) line = Broken(line);
      text += line + (random_.Percent(5) ? "\r\n" : "\n");
    }
    if (random_.Percent(20) && !text.empty()) text.pop_back();
    return text;
  }

 private:
  std::string Space() { return random_.Percent(odd_percent_) ? " \t " : ""; }

  std::string Object(const Members& node, const FieldTexts& event) {
    std::vector<std::string> members;
    for (const auto& [name, child] : node.children) {
      const std::optional<std::string> value = Value(child, event);
      if (!value) continue;
      members.push_back(Name(name) + Space() + ':' + Space() + *value);
      if (random_.Percent(odd_percent_)) {
        members.push_back(Name(name) + ':' + random_.Pick<std::string>({"1", "\"z\"", "[", "{}"}));
        if (members.back().ends_with('[')) members.back() += ']';
      }
    }
    while (random_.Percent(odd_percent_ * 2)) members.push_back(Undeclared());
    for (size_t i = members.size(); i > 1; --i) {
      if (random_.Percent(20)) std::swap(members[i - 1], members[random_.Below(i)]);
    }
    std::string text = "{";
    for (size_t i = 0; i < members.size(); ++i) {
      text += (i == 0 ? Space() : "," + Space()) + members[i] + Space();
    }
    return text + '}';
  }

  std::string Undeclared() {
    return random_.Pick<std::string>({R"("other":null)", R"("other":{"ts":[1,"}]\"",{"a":2}]})",
                                      R"("x":"a\"b\\")", R"("\u0078y":1e99)", R"("user2":bare)",
                                      R"("":"")", R"("list":[[],[{}]])", R"("bad escape":"\q")",
                                      R"("geo2":{"city":"no"})", "\"ctrl\":\"a\tb\"",
                                      R"("half":"\ud800")", R"("\ud800":1)", "\"t\ts\":2",
                                      R"("mixed":[{}}])", R"("mixed":[{]})"});
  }

  // The value of a member, or nothing to leave it out.
  std::optional<std::string> Value(const Members& node, const FieldTexts& event) {
    if (!node.field) {
      if (random_.Percent(3))
        return random_.Pick<std::string>({"null", "{}", "7", "\"text\"", "[]"});
      return Object(node, event);
    }
    const std::optional<std::string>& text = event[*node.field];
    if (!text) return random_.Percent(50) ? std::nullopt : std::optional<std::string>("null");
    if (random_.Below(1000) < broken_percent_ * 2) {
      return random_.Pick<std::string>({"[1]", "{\"a\":1}", "truex", "01", "1.", "\"\\x\"", "nul",
                                        "-", "\"\\ud800\"", "\"\\udc00\"", "1 2", "+1",
                                        "\"\\u12g4\"", "tru", ".5", "1e+", "\"a\tb\""});
    }
    const TypeKind kind = stream_.fields[*node.field].type.kind;
    const bool is_bool = *text == "true" || *text == "false";
    const bool may_be_bare = kind != TypeKind::kString || random_.Percent(10);
    if (may_be_bare && (is_bool || IsJsonNumber(*text)) && random_.Percent(70)) return *text;
    return String(*text);
  }

  static bool IsJsonNumber(const std::string& text) {
    size_t at = text.starts_with('-') ? 1 : 0;
    const auto digits = [&] {
      const size_t begin = at;
      while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
      return at - begin;
    };
    const size_t whole_at = at;
    const size_t whole = digits();
    if (whole == 0 || (whole > 1 && text[whole_at] == '0')) return false;
    if (at < text.size() && text[at] == '.') {
      ++at;
      if (digits() == 0) return false;
    }
    return at == text.size();
  }

  std::string Name(const std::string& name) {
    return random_.Percent(odd_percent_) ? Escaped(name) : model::JsonString(name);
  }
  std::string String(const std::string& value) {
    if (!model::IsValidUtf8(value) && random_.Percent(80)) return "\"replaced\"";
    if (!model::IsValidUtf8(value)) return '"' + value + '"';
    return random_.Percent(odd_percent_) ? Escaped(value) : model::JsonString(value);
  }

  // As escapes where that is easy.
  std::string Escaped(const std::string& value) {
    std::string text = "\"";
    for (const char c : value) {
      const auto byte = static_cast<unsigned char>(c);
      char buffer[8];
      std::snprintf(buffer, sizeof buffer, random_.Percent(50) ? "\\u%04x" : "\\u%04X", byte);
      const bool plain = byte >= 0x20 && c != '"' && c != '\\';
      text += byte < 0x80 && (!plain || random_.Percent(30)) ? buffer : std::string(1, c);
    }
    if (random_.Percent(30))
      text += random_.Pick<std::string>({"\\ud83d\\ude00", "\\/", "\\n", ""});
    return text + '"';
  }

  std::string Broken(const std::string& line) {
    switch (random_.Below(8)) {
      case 0:
        return line.substr(0, random_.Below(line.size()));
      case 1:
        return line + "x";
      case 2:
        return "{" + line;
      case 3:
        return line + line;
      case 4:
        return "\xFF" + line;
      case 5:
        return "[" + line + "]";
      case 6: {
        std::string changed = line;
        changed[random_.Below(line.size())] =
            random_.Pick<char>({'"', '{', '}', ',', ':', '\\', ']', ' '});
        return changed;
      }
      default:
        return random_.Pick<std::string>({"null", "{}", "{,}", "not json", "\"text\"", "{\"ts\"}"});
    }
  }

  const StreamPlan& stream_;
  RandomSource& random_;
  Members root_;
  uint64_t broken_percent_ = 0;
  uint64_t odd_percent_ = 0;
};

}  // namespace

std::string RandomJsonLines(const StreamPlan& stream, const std::vector<FieldTexts>& events,
                            RandomSource& random) {
  return JsonWriter(stream, random).Write(events);
}

}  // namespace onrush
