#include "ingest/log_line.h"

#include <cstdint>

namespace onrush {
namespace {

enum Field : uint8_t {
  kHost,
  kIdent,
  kUser,
  kTime,
  kRequest,
  kMethod,
  kPath,
  kProtocol,
  kStatus,
  kBytes,
  kReferer,
  kAgent,
};
static_assert(kLogFields[kHost] == "host" && kLogFields[kAgent] == "agent");
static_assert(kLogFields[kReferer] == "referer" && kReferer == kCommonLogFields);

// Takes fields off the front of a line. Each Take… returns false if there is no such field.
class Splitter {
 public:
  Splitter(std::string_view line, LogLine& fields) : rest_(line), fields_(fields) {}

  bool at_end() const { return rest_.empty(); }

  bool TakeSpace() { return TakeByte(' '); }

  // Up to the next space, or to the end of the line.
  bool TakeWord(Field field) {
    const size_t size = std::min(rest_.find(' '), rest_.size());
    Set(field, rest_.substr(0, size));
    rest_.remove_prefix(size);
    return size > 0;
  }

  // Up to where the time begins: authentication allows names with spaces.
  bool TakeUser() {
    const size_t size = rest_.find(" [");
    if (size == 0 || size == rest_.npos) return false;
    Set(kUser, rest_.substr(0, size));
    rest_.remove_prefix(size);
    return true;
  }

  bool TakeTime() {
    const size_t end = rest_.find(']');
    if (!rest_.starts_with('[') || end == rest_.npos) return false;
    Set(kTime, rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    return true;
  }

  bool TakeQuoted(Field field) {
    if (!TakeByte('"')) return false;
    size_t end = rest_.find_first_of("\"\\");
    while (end != rest_.npos && rest_[end] == '\\') end = rest_.find_first_of("\"\\", end + 2);
    if (end == rest_.npos) return false;
    Set(field, rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    return true;
  }

  // Takes the request apart.
  void SplitRequest() {
    std::string_view request = fields_[kRequest];
    const size_t method_end = request.find(' ');
    if (method_end == request.npos) return;
    Set(kMethod, request.substr(0, method_end));
    const size_t last_space = request.rfind(' ');
    constexpr std::string_view kProtocolStart = " HTTP/";
    const std::string_view last = request.substr(last_space);
    if (last.starts_with(kProtocolStart) && last.size() > kProtocolStart.size()) {
      Set(kProtocol, last.substr(1));
      request = request.substr(0, last_space);
    }
    if (request.size() > method_end) Set(kPath, request.substr(method_end + 1));
  }

 private:
  bool TakeByte(char byte) {
    if (!rest_.starts_with(byte)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void Set(Field field, std::string_view text) { fields_[field] = text == "-" ? "" : text; }

  std::string_view rest_;
  LogLine& fields_;
};

}  // namespace

const char* SplitLogLine(std::string_view line, bool combined, LogLine& fields) {
  fields.fill({});
  Splitter splitter(line, fields);
  if (!splitter.TakeWord(kHost) || !splitter.TakeSpace()) return "no host";
  if (!splitter.TakeWord(kIdent) || !splitter.TakeSpace()) return "no ident";
  if (!splitter.TakeUser() || !splitter.TakeSpace()) return "no user";
  if (!splitter.TakeTime() || !splitter.TakeSpace()) return "no [time]";
  if (!splitter.TakeQuoted(kRequest) || !splitter.TakeSpace()) return "no \"request\"";
  if (!splitter.TakeWord(kStatus) || !splitter.TakeSpace()) return "no status";
  if (!splitter.TakeWord(kBytes)) return "no bytes";
  splitter.SplitRequest();
  if (splitter.at_end()) return nullptr;
  if (!combined) return "more than a common log line has";
  if (!splitter.TakeSpace() || !splitter.TakeQuoted(kReferer)) return "no \"referer\"";
  if (!splitter.TakeSpace() || !splitter.TakeQuoted(kAgent)) return "no \"agent\"";
  return splitter.at_end() ? nullptr : "more than a combined log line has";
}

}  // namespace onrush
