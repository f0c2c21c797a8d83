#include <map>

#include "tests/support/model_records.h"

namespace onrush::model {
namespace {

// Reads a line from left to right; at the first thing that is not there, all is bad.
class LogReader {
 public:
  LogReader(const std::string& line, bool combined) : line_(line), combined_(combined) {}

  bool Read(std::map<std::string, std::string>& fields) {
    fields["host"] = Until(" ");
    fields["ident"] = Until(" ");
    fields["user"] = Until(" [");
    fields["time"] = Until("] \"");
    fields["request"] = UntilQuote();
    Eat(' ');
    fields["status"] = Until(" ");
    const bool more = line_.find(' ', at_) != std::string::npos;
    fields["bytes"] = more ? Until(" ") : Rest();
    for (const char* name : {"host", "ident", "user", "status", "bytes"}) {
      good_ = good_ && !fields[name].empty();
    }
    if (more) {
      good_ = good_ && combined_;
      Eat('"');
      fields["referer"] = UntilQuote();
      Eat(' ');
      Eat('"');
      fields["agent"] = UntilQuote();
    }
    ReadRequest(fields);
    return good_ && at_ == line_.size();
  }

 private:
  std::string Rest() {
    const std::string rest = line_.substr(at_);
    at_ = line_.size();
    return rest;
  }

  std::string Until(const std::string& end) {
    const size_t found = line_.find(end, at_);
    if (found == std::string::npos) good_ = false;
    if (!good_) return "";
    const std::string text = line_.substr(at_, found - at_);
    at_ = found + end.size();
    return text;
  }

  void Eat(char c) {
    if (at_ < line_.size() && line_[at_] == c) {
      ++at_;
    } else {
      good_ = false;
    }
  }

  std::string UntilQuote() {
    std::string text;
    for (; good_ && at_ < line_.size(); ++at_) {
      if (line_[at_] == '"') {
        ++at_;
        return text;
      }
      text += line_[at_];
      if (line_[at_] == '\\' && at_ + 1 < line_.size()) text += line_[++at_];
    }
    good_ = false;
    return "";
  }

  static void ReadRequest(std::map<std::string, std::string>& fields) {
    const std::string request = fields["request"];
    const size_t space = request.find(' ');
    if (space == std::string::npos) return;
    fields["method"] = request.substr(0, space);
    const std::string rest = request.substr(space);
    const size_t protocol = rest.rfind(" HTTP/");
    const bool has_protocol = protocol != std::string::npos && protocol + 6 < rest.size() &&
                              rest.find(' ', protocol + 1) == std::string::npos;
    if (has_protocol) fields["protocol"] = rest.substr(protocol + 1);
    const std::string path = has_protocol ? rest.substr(0, protocol) : rest;
    if (!path.empty()) fields["path"] = path.substr(1);
  }

  const std::string& line_;
  const bool combined_;
  size_t at_ = 0;
  bool good_ = true;
};

}  // namespace

std::vector<Record> ReadLog(const StreamPlan& stream, const std::string& text) {
  std::vector<Record> records = ReadLines(stream, text);
  for (Record& record : records) {
    std::map<std::string, std::string> fields;
    LogReader reader(record.raw, stream.format == Format::kCombinedLog);
    if (!reader.Read(fields)) {
      record.reason = "not a line of a log";
      continue;
    }
    for (size_t i = 0; i < stream.fields.size(); ++i) {
      const std::string& field = fields[stream.fields[i].name];
      if (!field.empty() && field != "-") record.fields[i] = field;
    }
  }
  return records;
}

}  // namespace onrush::model
