// The tree of all that may happen, walked depth first.
#pragma once

#include <cstddef>
#include <vector>

namespace onrush::interleavings {

// Description
//   A run asks Choose() wherever it might go on in several ways. After it, Advance() picks the next
//   branch, and a new run is made from the start: it repeats the same choices up to there. A run
//   must depend on its choices alone.
class Choices {
 public:
  // A number below `count`. Requires: count > 0.
  size_t Choose(size_t count) {
    if (depth_ == path_.size()) path_.push_back({0, count});
    return path_[depth_++].taken;
  }
  // Makes ready for the next run; false if there is none left.
  bool Advance() {
    depth_ = 0;
    while (!path_.empty() && path_.back().taken + 1 == path_.back().count) path_.pop_back();
    if (path_.empty()) return false;
    ++path_.back().taken;
    return true;
  }

 private:
  struct Branch {
    size_t taken;
    size_t count;
  };
  std::vector<Branch> path_;
  size_t depth_ = 0;
};

}  // namespace onrush::interleavings
