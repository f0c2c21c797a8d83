// A small ordered map from pane or window numbers to state that is recycled.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace onrush {

// Description
//   Numbers mostly grow and leave at the low end, as panes do in time: a sorted vector whose front
//   is cut off lazily. Find: a look where the number stands if none is missing, else a binary
//   search. Entries that leave are cleared (T::Clear()) and used again, so that nothing is
//   allocated after warm-up.
template <typename T>
class IndexMap {
 public:
  struct Entry {
    int64_t index = 0;
    std::unique_ptr<T> value;
  };

  bool empty() const { return head_ == entries_.size(); }
  size_t size() const { return entries_.size() - head_; }
  Entry* begin() { return entries_.data() + head_; }
  Entry* end() { return entries_.data() + entries_.size(); }
  int64_t first_index() const { return entries_[head_].index; }
  int64_t last_index() const { return entries_.back().index; }

  // The first entry at or after `index`.
  Entry* LowerBound(int64_t index) {
    if (Entry* const guess = Guess(index); guess != nullptr) return guess;
    return std::lower_bound(begin(), end(), index,
                            [](const Entry& entry, int64_t i) { return entry.index < i; });
  }
  // The entries from `first` to `end` − 1. Valid until one is opened or removed.
  std::span<const Entry> Range(int64_t first, int64_t end) {
    return {LowerBound(first), LowerBound(std::max(first, end))};
  }
  T* Find(int64_t index) {
    if (empty() || index > last_index()) return nullptr;
    if (index == last_index()) return entries_.back().value.get();
    Entry* const found = LowerBound(index);
    return found->index == index ? found->value.get() : nullptr;
  }
  // The value at `index`; made by `make()` (a unique_ptr<T>) if there is none to recycle.
  template <typename MakeFn>
  T& Open(int64_t index, MakeFn make) {
    if (T* found = Find(index)) return *found;
    std::unique_ptr<T> value;
    if (spare_.empty()) {
      value = make();
    } else {
      value = std::move(spare_.back());
      spare_.pop_back();
    }
    T& result = *value;
    const auto position = entries_.begin() + (LowerBound(index) - entries_.data());
    entries_.insert(position, Entry{index, std::move(value)});
    return result;
  }

  // Removes the entry with the lowest number. Requires: !empty().
  void PopFront() {
    Entry& entry = entries_[head_++];
    entry.value->Clear();
    spare_.push_back(std::move(entry.value));
    if (head_ * 2 > entries_.size()) {
      entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(head_));
      head_ = 0;
    }
  }

 private:
  // The entry of `index` if it is where it stands when no number is missing; null if not.
  Entry* Guess(int64_t index) {
    if (empty() || index < first_index()) return nullptr;
    const uint64_t distance = static_cast<uint64_t>(index) - static_cast<uint64_t>(first_index());
    if (distance >= size()) return nullptr;
    Entry* const entry = begin() + distance;
    return entry->index == index ? entry : nullptr;
  }

  std::vector<Entry> entries_;  // sorted; those before head_ are gone
  size_t head_ = 0;
  std::vector<std::unique_ptr<T>> spare_;
};

}  // namespace onrush
