#include "ingest/json_paths.h"

#include "absl/status/status.h"
#include "fmt/format.h"

namespace onrush {

absl::StatusOr<JsonPaths> JsonPaths::Create(const std::vector<FieldPlan>& fields) {
  JsonPaths paths;
  paths.field_count_ = fields.size();
  for (size_t field = 0; field < fields.size(); ++field) {
    std::string_view rest = fields[field].name;
    uint32_t node = kRoot;
    while (true) {
      const size_t point = rest.find('.');
      node = paths.FindOrAdd(node, rest.substr(0, point));
      if (point == std::string_view::npos) break;
      rest.remove_prefix(point + 1);
    }
    paths.nodes_[node].field = static_cast<uint32_t>(field);
  }
  for (const Node& node : paths.nodes_) {
    if (node.field == kNone || node.children.empty()) continue;
    return absl::InvalidArgumentError(
        fmt::format("the fields '{}' and '{}' cannot both be read from JSON: the first would have "
                    "to be a value "
                    "and an object",
                    node.path, paths.nodes_[node.children[0]].path));
  }
  return paths;
}

uint32_t JsonPaths::FindOrAdd(uint32_t parent, std::string_view name) {
  const uint32_t found = Find(parent, name);
  if (found != kNone) return found;
  const uint32_t added = static_cast<uint32_t>(nodes_.size());
  Node node;
  node.name = name;
  node.path = parent == kRoot ? node.name : fmt::format("{}.{}", nodes_[parent].path, name);
  nodes_.push_back(std::move(node));
  nodes_[parent].children.push_back(added);
  return added;
}

}  // namespace onrush
