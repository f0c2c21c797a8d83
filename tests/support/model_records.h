// Cutting an input into records, character by character.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/plan.h"
#include "tests/support/run_result.h"

namespace onrush::model {

struct Record {
  uint64_t line = 1;   // number of its first line
  std::string raw;     // without its line ending
  std::string reason;  // not empty: the record is bad
  // The texts of the declared fields, in the stream's order; null or empty ones are nothing.
  std::vector<std::optional<std::string>> fields;
};

// The records of an input in its format (by the file's name if the stream leaves it open): no
// header, no blank lines. Requires: a CSV header names each declared column once.
std::vector<Record> ReadRecords(const StreamPlan& stream, const InputText& input);

// Lines that are not blank, without a byte order mark and their endings; all fields are nothing.
std::vector<Record> ReadLines(const StreamPlan& stream, const std::string& text);

std::vector<Record> ReadCsv(const StreamPlan& stream, const std::string& text);
std::vector<Record> ReadJsonLines(const StreamPlan& stream, const std::string& text);
std::vector<Record> ReadLog(const StreamPlan& stream, const std::string& text);

}  // namespace onrush::model
