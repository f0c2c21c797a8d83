// A ranking that stands on its own: values and the keys themselves.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "operators/accumulators.h"

namespace onrush {

// Keys with their values, best first. Memory is kept when it is cleared or assigned to. One thread.
class TopList {
 public:
  size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  const RankValue& value(size_t i) const { return entries_[i].value; }
  std::string_view key(size_t i) const {
    return std::string_view(keys_).substr(entries_[i].key_begin, entries_[i].key_size);
  }

  void Append(std::string_view key, const RankValue& value) {
    entries_.push_back({value, keys_.size(), key.size()});
    keys_ += key;
  }
  void Clear() {
    entries_.clear();
    keys_.clear();
  }

  // True if entry i of `a` ranks before entry j of `b`: larger values first; of equal ones the
  // smaller key.
  static bool Before(const TopList& a, size_t i, const TopList& b, size_t j) {
    if (a.value(i) != b.value(j)) return a.value(i) > b.value(j);
    return a.key(i) < b.key(j);
  }

  friend bool operator==(const TopList& a, const TopList& b) {
    if (a.size() != b.size() || a.keys_ != b.keys_) return false;
    for (size_t i = 0; i < a.size(); ++i) {
      if (a.value(i) != b.value(i) || a.key(i) != b.key(i)) return false;
    }
    return true;
  }

 private:
  struct Entry {
    RankValue value;
    size_t key_begin;
    size_t key_size;
  };
  std::vector<Entry> entries_;
  std::string keys_;
};

}  // namespace onrush
