// Where the recorded events are, and their bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace onrush::realdata {

// The path of a file in $ONRUSH_DATA (left out: ../shared/data, from the project's root), or
// nothing, with a message that the test case is skipped, if it is not there.
std::optional<std::string> FindDataFile(std::string_view name);

// What is in a file, decompressed if it is .gz or .zst. Shares no code with the engine.
std::string ReadDataFile(const std::string& path);

// The first `count` lines of a text.
std::string_view FirstLines(std::string_view text, size_t count);

}  // namespace onrush::realdata
