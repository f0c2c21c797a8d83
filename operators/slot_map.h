// Key ids to slots within one pane.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace onrush {

// Description
//   While few of the ids occur in the pane, a hash table of (id, slot) pairs; from a quarter on, a
//   plain array by id. So a pane costs memory for what is in it, and a busy pane one access.
//   Find: one or two cache misses. Insert: amortised constant.
class SlotMap {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  // The slot of `id`, or kNone.
  uint32_t Find(uint32_t id) const {
    if (dense_) return id < by_id_.size() ? by_id_[id] : kNone;
    return FindSparse(id);
  }
  // Asks for what Find() will touch. In line, since what the compiler makes a function of its own
  // it may leave out: it gives nothing back.
  [[gnu::always_inline]] void Prefetch(uint32_t id) const {
    if (dense_) {
      __builtin_prefetch(by_id_.data() + id);
    } else if (!pairs_.empty()) {
      __builtin_prefetch(pairs_.data() + Home(id, pairs_.size() - 1));
    }
  }
  // Requires: `id` has no slot yet; id < id_limit, the number of ids in use anywhere.
  void Insert(uint32_t id, uint32_t slot, size_t id_limit);

  void Clear();
  size_t memory_bytes() const {
    return by_id_.capacity() * sizeof(uint32_t) + pairs_.capacity() * sizeof(Pair);
  }

 private:
  struct Pair {
    uint32_t id = 0;
    uint32_t slot = kNone;  // kNone: empty
  };
  static size_t Home(uint32_t id, size_t mask) {
    return (id * uint64_t{0x9E3779B97F4A7C15}) >> 32 & mask;  // Fibonacci hashing
  }
  uint32_t FindSparse(uint32_t id) const;
  void InsertSparse(uint32_t id, uint32_t slot);
  void GrowSparse();
  void MakeDense(size_t id_limit);

  bool dense_ = false;
  size_t size_ = 0;
  std::vector<uint32_t> by_id_;
  std::vector<Pair> pairs_;  // a power of two, at most half full
};

}  // namespace onrush
