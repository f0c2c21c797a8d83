#include "tools/onrush/found_stream.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "core/block/block_view.h"
#include "core/status_macros.h"
#include "fmt/format.h"
#include "ingest/byte_order_mark.h"
#include "ingest/csv_header.h"
#include "ingest/orb_stream.h"
#include "ingest/text_lines.h"
#include "simdjson.h"

namespace onrush {
namespace {

absl::Status InFile(const TextBlock& block, std::string_view what) {
  return absl::InvalidArgumentError(fmt::format("{}: {}", block.file, what));
}

bool HasField(const StreamPlan& stream, std::string_view name) {
  return std::any_of(stream.fields.begin(), stream.fields.end(),
                     [&](const FieldPlan& field) { return field.name == name; });
}

absl::Status FindCsvColumns(const TextBlock& block, StreamPlan& stream) {
  CsvHeader header;
  const absl::Status status =
      ReadCsvHeader(block.text, ByteOrderMarkSize(block.text), stream.delimiter, header);
  if (!status.ok()) return InFile(block, std::string(status.message()));
  for (std::string& name : header.names) {
    if (HasField(stream, name)) {
      return InFile(block, fmt::format("the header has the column '{}' twice", name));
    }
    stream.fields.push_back({std::move(name), {}});
  }
  return absl::OkStatus();
}

using UsePath = std::function<void(const std::string& path)>;

// Calls `use` with the path of every value that is no object. A point in a name is shown as two,
// which no path of a stream has.
void WalkMembers(simdjson::dom::object object, const std::string& prefix, const UsePath& use) {
  for (const auto [key, value] : object) {
    std::string path = prefix;
    for (const char c : key) path.append(c == '.' ? 2 : 1, c);
    simdjson::dom::object inner;
    if (value.get(inner) == simdjson::SUCCESS) {
      WalkMembers(inner, path + '.', use);
    } else {
      use(path);
    }
  }
}

void WalkLine(simdjson::dom::parser& parser, std::string_view line, const UsePath& use) {
  simdjson::dom::object object;
  if (parser.parse(line.data(), line.size()).get(object) == simdjson::SUCCESS) {
    WalkMembers(object, "", use);
  }
}

// What is a value in one line and an object in another is what it was first.
bool Clashes(const StreamPlan& stream, std::string_view path) {
  return std::any_of(stream.fields.begin(), stream.fields.end(), [&](const FieldPlan& field) {
    const std::string& name = field.name;
    const auto begins = [](std::string_view longer, std::string_view shorter) {
      return longer.size() > shorter.size() && longer.starts_with(shorter) &&
             longer[shorter.size()] == '.';
    };
    return name == path || begins(name, path) || begins(path, name);
  });
}

void FindJsonMembers(const TextBlock& block, StreamPlan& stream) {
  simdjson::dom::parser parser;
  TextLines lines;
  lines.Begin(block);
  std::string_view line;
  while (lines.Next(line)) {
    WalkLine(parser, line, [&](const std::string& path) {
      const bool usable = !path.empty() && path.find("..") == path.npos;
      if (usable && !Clashes(stream, path)) stream.fields.push_back({path, {}});
    });
  }
}

absl::Status FindBlockColumns(const TextBlock& block, StreamPlan& stream) {
  BlockView view;
  const absl::Status status = view.Open(block.text);
  if (!status.ok()) return AtByte(block.file, block.offset, status);
  for (const BlockColumn& column : view.schema().columns) {
    stream.fields.push_back({column.name, column.type});
  }
  if (view.schema().time_column) stream.time_column = *view.schema().time_column;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<StreamPlan> FindStream(const TextBlock& block, Format format) {
  StreamPlan stream;
  stream.name = "events";
  stream.time_column = SIZE_MAX;
  switch (format) {
    case Format::kCsv:
      ONRUSH_RETURN_IF_ERROR(FindCsvColumns(block, stream));
      break;
    case Format::kJsonLines:
      FindJsonMembers(block, stream);
      break;
    case Format::kOrb:
      ONRUSH_RETURN_IF_ERROR(FindBlockColumns(block, stream));
      break;
    case Format::kCommonLog:
    case Format::kCombinedLog:
    case Format::kLate:
    case Format::kArrivals:
      return InFile(block, "needs a pipeline (-p), which says what its fields are");
  }
  if (stream.fields.empty()) return InFile(block, "has no columns");
  return stream;
}

absl::StatusOr<StreamPlan> StreamOrFound(const std::optional<StreamPlan>& described,
                                         const TextBlock& block, Format format) {
  if (described) return *described;
  return FindStream(block, format);
}

bool HasSchema(const TextBlock& block, const BlockSchema& schema) {
  const absl::StatusOr<BlockHeader> header = ReadBlockHeader(block.text);
  if (!header.ok()) return false;
  const absl::StatusOr<BlockSchema> found =
      ReadSchema(block.text.substr(kBlockHeaderSize, header->schema_size));
  return found.ok() && *found == schema;
}

std::optional<std::string> FindOtherMember(const StreamPlan& stream, std::string_view line) {
  thread_local simdjson::dom::parser parser;
  std::optional<std::string> other;
  WalkLine(parser, line, [&](const std::string& path) {
    if (!other && !HasField(stream, path)) other = path;
  });
  return other;
}

}  // namespace onrush
