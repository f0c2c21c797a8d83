// JSON from the inside out: texts of values make texts of lists and objects. For documents that are
// written once a run, not for lines.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace onrush::json {

// Texts of values.
using Values = std::vector<std::string>;
using Members = std::vector<std::pair<std::string_view, std::string>>;

std::string Text(std::string_view text);
std::string List(const Values& values);
std::string Object(const Members& members);

}  // namespace onrush::json
