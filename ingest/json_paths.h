// The declared names of a stream as paths into JSON objects.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/plan.h"

namespace onrush {

// Description
//   A tree: the root is a line's object, every other node a member that is declared (`a.b`: the
//   member b) or lies on the way to one (a). `a.b` names the member b of the object a, never a
//   member whose name has a point in it.
// Threads
//   Immutable; any thread.
class JsonPaths {
 public:
  static constexpr uint32_t kRoot = 0;
  static constexpr uint32_t kNone = UINT32_MAX;

  // Fails with kInvalidArgument if one name is the beginning of another's path.
  static absl::StatusOr<JsonPaths> Create(const std::vector<FieldPlan>& fields);

  size_t node_count() const { return nodes_.size(); }
  size_t field_count() const { return field_count_; }
  // The child of `node` with that name, or kNone.
  uint32_t Find(uint32_t node, std::string_view name) const {
    for (const uint32_t child : nodes_[node].children) {
      if (nodes_[child].name == name) return child;
    }
    return kNone;
  }
  const std::vector<uint32_t>& children(uint32_t node) const { return nodes_[node].children; }
  const std::string& name(uint32_t node) const { return nodes_[node].name; }
  // The field declared at `node`, or kNone: then there is an object on the way to one.
  uint32_t field(uint32_t node) const { return nodes_[node].field; }
  // The names from the root to `node`, with points between.
  const std::string& path(uint32_t node) const { return nodes_[node].path; }

 private:
  struct Node {
    std::string name;
    std::string path;
    uint32_t field = kNone;
    std::vector<uint32_t> children;
  };

  JsonPaths() : nodes_(1) {}
  uint32_t FindOrAdd(uint32_t parent, std::string_view name);

  std::vector<Node> nodes_;
  size_t field_count_ = 0;
};

}  // namespace onrush
