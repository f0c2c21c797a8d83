#include "operators/sinks/result_line.h"

#include "core/status_macros.h"
#include "fmt/format.h"
#include "simdjson.h"

namespace onrush {
namespace {

namespace ondemand = simdjson::ondemand;

std::string_view TrimmedToken(std::string_view token) {
  const size_t end = token.find_last_not_of(" \t\r\n");
  return token.substr(0, end == token.npos ? 0 : end + 1);
}

simdjson::error_code ReadCell(ondemand::value value, ResultCell& cell) {
  ondemand::json_type type;
  if (auto error = value.type().get(type)) return error;
  std::string_view text;
  switch (type) {
    case ondemand::json_type::null:
      cell.kind = ResultCell::Kind::kNull;
      break;
    case ondemand::json_type::string:
      cell.kind = ResultCell::Kind::kText;
      if (auto error = value.get_string().get(text)) return error;
      break;
    case ondemand::json_type::number:
      cell.kind = ResultCell::Kind::kNumber;
      text = TrimmedToken(value.raw_json_token());
      break;
    case ondemand::json_type::boolean:
      cell.kind = ResultCell::Kind::kBool;
      text = TrimmedToken(value.raw_json_token());
      break;
    default:
      return simdjson::INCORRECT_TYPE;
  }
  cell.text = text;
  return simdjson::SUCCESS;
}

simdjson::error_code ReadMember(ondemand::field& field, std::vector<ResultCell>& cells) {
  std::string_view name;
  if (auto error = field.unescaped_key().get(name)) return error;
  ResultCell& cell = cells.emplace_back();
  cell.name = name;
  return ReadCell(field.value(), cell);
}

simdjson::error_code ReadRanks(ondemand::value top, std::vector<std::vector<ResultCell>>& ranks) {
  ondemand::array array;
  if (auto error = top.get_array().get(array)) return error;
  for (auto element : array) {
    ondemand::object object;
    if (auto error = element.get_object().get(object)) return error;
    std::vector<ResultCell>& cells = ranks.emplace_back();
    for (auto member : object) {
      ondemand::field field;
      if (auto error = std::move(member).get(field)) return error;
      if (auto error = ReadMember(field, cells)) return error;
    }
  }
  return simdjson::SUCCESS;
}

simdjson::error_code ReadLine(ondemand::document& document, ResultLine& result) {
  ondemand::object object;
  if (auto error = document.get_object().get(object)) return error;
  for (auto member : object) {
    ondemand::field field;
    if (auto error = std::move(member).get(field)) return error;
    if (field.key() == "query" && result.query.empty()) {
      std::string_view query;
      if (auto error = field.value().get_string().get(query)) return error;
      result.query = query;
    } else if (field.key() == "top") {
      result.ranked = true;
      if (auto error = ReadRanks(field.value(), result.ranks)) return error;
    } else if (auto error = ReadMember(field, result.cells)) {
      return error;
    }
  }
  return result.query.empty() ? simdjson::NO_SUCH_FIELD : simdjson::SUCCESS;
}

}  // namespace

struct ResultLineReader::Parser {
  ondemand::parser parser;
  std::string padded;
};

ResultLineReader::ResultLineReader() : parser_(std::make_unique<Parser>()) {}
ResultLineReader::~ResultLineReader() = default;

absl::Status ResultLineReader::Read(std::string_view line, ResultLine& result) {
  result.query.clear();
  result.cells.clear();
  result.ranked = false;
  result.ranks.clear();
  std::string& padded = parser_->padded;
  padded.assign(line);
  padded.append(simdjson::SIMDJSON_PADDING, ' ');
  ondemand::document document;
  auto error = parser_->parser.iterate(padded.data(), line.size(), padded.size()).get(document);
  if (!error) error = ReadLine(document, result);
  if (!error) return absl::OkStatus();
  return absl::InternalError(
      fmt::format("no result line: {}: {}", simdjson::error_message(error), line));
}

}  // namespace onrush
