#include "ingest/json_shapes.h"

#include <algorithm>

namespace onrush {

JsonShapes::JsonShapes() { nodes_.reserve(kMaxNodes); }

void JsonShapes::Add(const std::vector<JsonStep>& line) {
  const bool short_gaps = std::all_of(line.begin(), line.end(), [](const JsonStep& step) {
    return step.gap.size() <= JsonGap::kMaxSize;
  });
  if (!short_gaps) return;
  if (nodes_.size() + line.size() > kMaxNodes) {
    nodes_.clear();
    first_ = nullptr;
  }
  const Node** siblings = &first_;
  for (const JsonStep& step : line) siblings = &FindOrAdd(*siblings, step).next;
}

JsonShapes::Node& JsonShapes::FindOrAdd(const Node*& siblings, const JsonStep& step) {
  for (const Node* node = siblings; node != nullptr; node = node->sibling) {
    if (node->gap.text() == step.gap && node->kind == step.kind && node->field == step.field) {
      return nodes_[static_cast<size_t>(node - nodes_.data())];
    }
  }
  Node& node = nodes_.emplace_back();
  node.gap = JsonGap(step.gap);
  node.kind = step.kind;
  node.field = step.field;
  node.sibling = siblings;
  siblings = &node;
  return node;
}

}  // namespace onrush
