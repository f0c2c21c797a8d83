// The shapes of lines seen: what stands between their values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ingest/json_gap.h"
#include "ingest/json_template.h"

namespace onrush {

// Description
//   A tree of steps: whoever comes from the root, step by step over equal gaps and over values, has
//   read the same text but for the values, and so is at the same place in the same objects with the
//   same members behind. What such a line means was worked out once, by JsonLineParser, and need
//   not be again. A step has one next step, whose siblings are the alternatives seen in its place.
//   When there are too many, all are forgotten.
// Threads
//   One at a time.
class JsonShapes {
 public:
  struct Node {
    JsonGap gap;
    JsonStep::Kind kind = JsonStep::Kind::kOther;
    uint32_t field = 0;
    const Node* next = nullptr;
    const Node* sibling = nullptr;
  };

  // The most steps a line may have to be remembered.
  static constexpr size_t kMaxSteps = 512;

  // Takes all the memory that it will ever need.
  JsonShapes();

  // One of the steps that may come first, or null.
  const Node* first() const { return first_; }

  // Remembers a line, unless it has too long gaps. Nodes handed out before may be gone. Requires:
  // at most kMaxSteps steps.
  void Add(const std::vector<JsonStep>& line);

 private:
  static constexpr size_t kMaxNodes = kMaxSteps;

  // The node among `siblings` that equals `step`, or a new one.
  Node& FindOrAdd(const Node*& siblings, const JsonStep& step);

  std::vector<Node> nodes_;  // never grows beyond what was reserved, so that pointers stay
  const Node* first_ = nullptr;
};

}  // namespace onrush
