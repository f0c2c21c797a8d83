#include "tools/engine/pipeline_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/status_macros.h"
#include "fmt/format.h"
#include "tools/engine/pipeline_errors.h"
#include "tools/engine/pipeline_query.h"
#include "tools/engine/pipeline_stream.h"
#include "tools/engine/setting_table.h"
#include "tools/engine/toml_document.h"

namespace onrush {
namespace {

using Kind = TomlValue::Kind;

constexpr std::string_view kStreamExample = "a table for each stream, such as [stream.clicks]";
constexpr std::string_view kQueryExample = "a table for each query, [[query]]";

// "pipelines/shop.toml" is "shop".
std::string_view NameOfFile(std::string_view file_name) {
  file_name.remove_prefix(file_name.find_last_of('/') + 1);
  return file_name.substr(0, file_name.find_last_of('.'));
}

std::vector<StreamSettings> ReadStreams(const SettingTable& file) {
  std::vector<StreamSettings> streams;
  const TomlValue* table = file.Require("stream", Kind::kTable, kStreamExample);
  if (table == nullptr) return streams;
  const SettingTable stream_table(*table, "stream", file.errors());
  if (table->entries.empty()) file.Error("stream", "no stream", kStreamExample);
  for (const TomlEntry& entry : table->entries) {
    if (stream_table.Get(entry.key, Kind::kTable, kStreamExample) == nullptr) continue;
    const SettingTable settings(entry.value, stream_table.PathOf(entry.key), file.errors());
    streams.push_back(ReadStream(entry.key, settings));
    if (streams.size() == 2) {
      file.errors().AddUnsupported(entry.position,
                                   fmt::format("{}: several streams", settings.path()), "are");
    }
  }
  return streams;
}

// "query.top_pages", or "query[2]" for the second if it has no name.
std::string PathOfQuery(const TomlValue& query, size_t number) {
  for (const TomlEntry& entry : query.entries) {
    if (entry.key == "name" && entry.value.kind == Kind::kString && !entry.value.text.empty()) {
      return fmt::format("query.{}", entry.value.text);
    }
  }
  return fmt::format("query[{}]", number);
}

std::vector<QueryPlan> ReadQueries(const SettingTable& file,
                                   const std::vector<StreamSettings>& streams) {
  std::vector<QueryPlan> queries;
  const TomlValue* list = file.Require("query", Kind::kArray, kQueryExample);
  if (list == nullptr) return queries;
  if (list->items.empty()) file.Error("query", "an empty list", kQueryExample);
  std::vector<std::string> paths;
  for (const TomlValue& item : list->items) {
    if (item.kind != Kind::kTable) {
      file.errors().Add(item.position, "query", Describe(item), kQueryExample);
      continue;
    }
    const SettingTable settings(item, PathOfQuery(item, paths.size() + 1), file.errors());
    if (std::find(paths.begin(), paths.end(), settings.path()) != paths.end()) {
      settings.Error("name", "the name of an earlier query", "a name of its own");
    }
    paths.push_back(settings.path());
    std::optional<QueryPlan> query = ReadQuery(settings, streams);
    if (query) queries.push_back(*std::move(query));
  }
  return queries;
}

absl::Status CannotRead(const std::string& path, int error) {
  const std::string message = fmt::format("{}: cannot be read: {}", path, std::strerror(error));
  if (error == ENOENT) return absl::NotFoundError(message);
  if (error == EACCES) return absl::PermissionDeniedError(message);
  return absl::UnavailableError(message);
}

}  // namespace

absl::StatusOr<Plan> ParsePipeline(std::string_view text, std::string_view file_name) {
  ONRUSH_ASSIGN_OR_RETURN(const TomlValue root, ParseToml(text, file_name));
  PipelineErrors errors(file_name);
  const SettingTable file(root, "", errors);
  file.CheckKeys("file", {"name", "stream", "query"});
  Plan plan;
  const TomlValue* name = file.Get("name", Kind::kString, "a name for the pipeline");
  plan.name = name != nullptr ? name->text : std::string(NameOfFile(file_name));
  std::vector<StreamSettings> streams = ReadStreams(file);
  plan.queries = ReadQueries(file, streams);
  ONRUSH_RETURN_IF_ERROR(errors.ToStatus());
  for (StreamSettings& stream : streams) plan.streams.push_back(std::move(stream.plan));
  return plan;
}

absl::StatusOr<Plan> LoadPipeline(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             &std::fclose);
  if (file == nullptr) return CannotRead(path, errno);
  std::string text;
  char buffer[64 * 1024];
  size_t size = 0;
  // What is larger is refused anyway.
  while (text.size() <= kMaxTomlSize &&
         (size = std::fread(buffer, 1, sizeof(buffer), file.get())) > 0) {
    text.append(buffer, size);
  }
  if (std::ferror(file.get()) != 0) return CannotRead(path, errno);
  return ParsePipeline(text, path);
}

}  // namespace onrush
