#include <string>

#include "tests/support/random_records.h"

namespace onrush {
namespace {

class LogWriter {
 public:
  LogWriter(const StreamPlan& stream, RandomSource& random)
      : stream_(stream), random_(random), broken_percent_(random.Pick<uint64_t>({0, 0, 3})) {}

  std::string Write(const std::vector<FieldTexts>& events) {
    std::string text = random_.Percent(5) ? "\xEF\xBB\xBF" : "";
    for (const FieldTexts& event : events) {
      if (random_.Percent(2)) text += random_.Pick<std::string>({"\n", " \t\n", "\r\n"});
      std::string line = Line(event);
      if (random_.Percent(broken_percent_)) line = Broken(line);
      text += line + (random_.Percent(5) ? "\r\n" : "\n");
    }
    if (random_.Percent(20) && !text.empty()) text.pop_back();
    return text;
  }

 private:
  std::string Line(const FieldTexts& event) {
    std::string line = Word(event, "host", "::1") + ' ' + Word(event, "ident", "-") + ' ' +
                       Text(event, "user", "jo doe") + " [" + Text(event, "time", "now") + "] \"" +
                       Quotable(Request(event)) + "\" " + Word(event, "status", "200") + ' ' +
                       Word(event, "bytes", "1");
    if (stream_.format == Format::kCombinedLog && random_.Percent(80)) {
      line += " \"" + Quotable(Text(event, "referer", "http://a/")) + "\" \"" +
              Quotable(Text(event, "agent", "A \\\"b\\\"")) + '"';
    }
    return line;
  }

  std::string Request(const FieldTexts& event) {
    std::string request = Text(event, "request", "");
    if (!request.empty()) return request;
    request = random_.Percent(98) ? Word(event, "method", "GET") + ' ' : "";
    request += Text(event, "path", "/p?q=1 2");
    if (random_.Percent(90)) request += ' ' + Text(event, "protocol", "HTTP/1.1");
    return request;
  }

  // The text of a declared field, or some other one.
  std::string Text(const FieldTexts& event, const std::string& name, const std::string& otherwise) {
    for (size_t i = 0; i < stream_.fields.size(); ++i) {
      if (stream_.fields[i].name != name) continue;
      return event[i] ? WithoutNewlines(*event[i]) : random_.Percent(95) ? "-" : "";
    }
    return random_.Percent(90) ? otherwise : "-";
  }
  std::string Word(const FieldTexts& event, const std::string& name, const std::string& otherwise) {
    std::string text = Text(event, name, otherwise);
    if (random_.Percent(1)) return text;
    for (char& c : text) c = c == ' ' ? '_' : c;
    return text;
  }

  // Mostly: they make two bad lines of a good one.
  std::string WithoutNewlines(std::string text) {
    if (random_.Percent(5)) return text;
    for (char& c : text) c = c == '\n' ? '/' : c;
    return text;
  }

  std::string Quotable(const std::string& text) {
    if (random_.Percent(1)) return text;
    std::string quoted;
    for (const char c : text) {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
    }
    return quoted;
  }

  std::string Broken(const std::string& line) {
    const size_t at = random_.Below(line.size());
    switch (random_.Below(5)) {
      case 0:
        return line.substr(0, at);
      case 1:
        return line + random_.Pick<std::string>({" ", "\"", " \"x\"", "\\"});
      case 2:
        return line.substr(0, at) + line.substr(at + 1);
      case 3:
        return line.substr(0, at) + random_.Pick<char>({' ', '"', '\\', '[', ']', '\r'}) +
               line.substr(at);
      default:
        return line.substr(at);
    }
  }

  const StreamPlan& stream_;
  RandomSource& random_;
  const uint64_t broken_percent_;
};

}  // namespace

std::string RandomLog(const StreamPlan& stream, const std::vector<FieldTexts>& events,
                      RandomSource& random) {
  return LogWriter(stream, random).Write(events);
}

}  // namespace onrush
