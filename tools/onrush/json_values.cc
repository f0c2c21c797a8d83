#include "tools/onrush/json_values.h"

#include "core/json_text.h"
#include "fmt/format.h"
#include "fmt/ranges.h"

namespace onrush::json {

std::string Text(std::string_view text) {
  std::string json;
  AppendJsonString(text, json);
  return json;
}

std::string List(const Values& values) { return fmt::format("[{}]", fmt::join(values, ",")); }

std::string Object(const Members& members) {
  Values texts;
  for (const auto& [name, value] : members) texts.push_back(Text(name) + ":" + value);
  return fmt::format("{{{}}}", fmt::join(texts, ","));
}

}  // namespace onrush::json
