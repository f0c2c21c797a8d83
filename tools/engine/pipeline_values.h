// The small languages inside a pipeline file's strings.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/int128.h"
#include "core/value.h"

namespace onrush {

// "int", "decimal(2)", "float", "string", "bool", "timestamp"; nothing for anything else.
std::optional<ValueType> ParseValueType(std::string_view text);

// What to write instead of `text`, which is no type.
std::string DescribeTypes(std::string_view text);

// ⌊number · 10^scale⌋ for a number as TOML or a decimal field writes it: `[+-]?` digits with an
// optional point, exponent and underscores. Nothing for anything else, for negative numbers and
// for what does not fit 128 bits.
std::optional<Int128> ParseScaledFloor(std::string_view number, int scale);

// The double nearest to such a number; nothing also where it is not finite.
std::optional<double> ParseFiniteDouble(std::string_view number);

// True if `name` names a zone of the IANA data base that the system knows. Names with another
// meaning on each machine ("localtime", paths) are not.
bool IsTimeZone(std::string_view name);

}  // namespace onrush
