#include "tools/onrush/found_stream.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
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

using UsePath = std::function<void(const std::string& path, bool is_null)>;

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
      use(path, value.is_null());
    }
  }
}

void WalkLine(simdjson::dom::parser& parser, std::string_view line, const UsePath& use) {
  simdjson::dom::object object;
  if (parser.parse(line.data(), line.size()).get(object) == simdjson::SUCCESS) {
    WalkMembers(object, "", use);
  }
}

// The members that lines have, in the order in which they are seen. What is a value in one line and
// an object in another is what it was first; nulls may be either.
class JsonMembers {
 public:
  void See(const std::string& path, bool is_null) {
    if (path.empty() || path.find("..") != path.npos) return;
    const auto [found, is_new] = has_value_.try_emplace(path, false);
    if (is_new) order_.push_back(path);
    if (is_null || found->second || Clashes(path)) return;
    found->second = true;
    ForEachObject(path, [this](std::string object) { objects_.insert(std::move(object)); });
  }

  std::vector<std::string> Paths() const {
    std::vector<std::string> paths;
    for (const std::string& path : order_) {
      if (has_value_.at(path) || !Clashes(path)) paths.push_back(path);
    }
    return paths;
  }

 private:
  // Calls use("a"), use("a.b") for "a.b.c".
  template <typename UseFn>
  static void ForEachObject(const std::string& path, UseFn use) {
    for (size_t point = path.find('.'); point != path.npos; point = path.find('.', point + 1)) {
      use(path.substr(0, point));
    }
  }
  bool Clashes(const std::string& path) const {
    bool clashes = objects_.contains(path);
    ForEachObject(path, [&](const std::string& object) {
      const auto found = has_value_.find(object);
      clashes |= found != has_value_.end() && found->second;
    });
    return clashes;
  }

  std::vector<std::string> order_;
  absl::flat_hash_map<std::string, bool> has_value_;  // of all paths that were seen
  absl::flat_hash_set<std::string> objects_;          // that hold a value
};

void FindJsonMembers(const TextBlock& block, StreamPlan& stream) {
  simdjson::dom::parser parser;
  TextLines lines;
  lines.Begin(block);
  JsonMembers members;
  std::string_view line;
  while (lines.Next(line)) {
    WalkLine(parser, line,
             [&](const std::string& path, bool is_null) { members.See(path, is_null); });
  }
  for (std::string& path : members.Paths()) stream.fields.push_back({std::move(path), {}});
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
  WalkLine(parser, line, [&](const std::string& path, bool is_null) {
    if (!other && !is_null && !HasField(stream, path)) other = path;
  });
  return other;
}

}  // namespace onrush
