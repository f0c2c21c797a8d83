// Keeps the k best of a stream of ranked keys.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "operators/accumulators.h"
#include "operators/key_table.h"

namespace onrush {

struct Ranked {
  KeyTable::Id id = 0;
  RankValue value;
  friend bool operator==(const Ranked&, const Ranked&) = default;
};

// Description
//   A heap of at most k keys whose root is the worst one kept. Larger values rank first; of equal
//   values the smaller key. Offer: one comparison for a key that is not among the best so far,
//   else O(log k).
// Threads
//   One.
class TopSelector {
 public:
  // `keys` must outlive the selector. Requires: k > 0.
  TopSelector(size_t k, const KeyTable& keys) : k_(k), keys_(keys) {}

  size_t k() const { return k_; }

  void Clear() { heap_.clear(); }
  // Clear(), and the best `k` from now on. Requires: k > 0.
  void Restart(size_t k) {
    heap_.clear();
    k_ = k;
  }

  void Offer(KeyTable::Id id, const RankValue& value) {
    if (heap_.size() == k_ && value < heap_.front().value) return;
    OfferSlow({id, value});
  }

  // True if k keys are kept; the worst of them.
  bool full() const { return heap_.size() == k_; }
  const Ranked& worst() const { return heap_.front(); }

  // True if `a` comes first of the two.
  bool RanksBefore(const Ranked& a, const Ranked& b) const { return Before{keys_}(a, b); }

  // The kept keys, best first. Ends the selection: Clear() comes next. Valid until then.
  const std::vector<Ranked>& Finish() {
    std::sort_heap(heap_.begin(), heap_.end(), Before{keys_});
    return heap_;
  }

 private:
  struct Before {
    const KeyTable& keys;
    bool operator()(const Ranked& a, const Ranked& b) const {
      if (a.value != b.value) return a.value > b.value;
      return keys.key(a.id) < keys.key(b.id);
    }
  };
  void OfferSlow(const Ranked& candidate) {
    const Before before{keys_};
    if (heap_.size() == k_) {
      if (!before(candidate, heap_.front())) return;
      std::pop_heap(heap_.begin(), heap_.end(), before);
      heap_.back() = candidate;
    } else {
      heap_.push_back(candidate);
    }
    std::push_heap(heap_.begin(), heap_.end(), before);
  }

  size_t k_;
  const KeyTable& keys_;
  std::vector<Ranked> heap_;
};

}  // namespace onrush
