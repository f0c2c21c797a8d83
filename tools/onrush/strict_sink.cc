#include "tools/onrush/strict_sink.h"

#include <cstdint>
#include <string>

#include "core/check.h"
#include "core/status_macros.h"
#include "fmt/format.h"
#include "simdjson.h"

namespace onrush {

absl::Status StrictSink::Write(std::string_view whole_lines) {
  if (bad_ != nullptr) ONRUSH_RETURN_IF_ERROR(bad_->Write(whole_lines));
  const simdjson::padded_string line(whole_lines.substr(0, whole_lines.find('\n')));
  simdjson::dom::parser parser;
  simdjson::dom::element object;
  std::string_view file, reason;
  uint64_t number = 0;
  ONRUSH_CHECK(!parser.parse(line).get(object));
  ONRUSH_CHECK(!object["file"].get(file) && !object["line"].get(number) &&
               !object["reason"].get(reason));
  return absl::DataLossError(fmt::format("{}:{}: {}", file, number, reason));
}

}  // namespace onrush
