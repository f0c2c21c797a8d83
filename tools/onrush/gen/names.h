// Names for keys.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace onrush::gen {

// A bijection of [0, count) that takes neighbours apart, so that popular ranks do not get the
// small numbers. Requires: rank < count ≤ 2^31.
constexpr uint64_t Scatter(uint64_t rank, uint64_t count) {
  constexpr uint64_t kPrime = 2'654'435'761;  // above any count, hence coprime to it
  return (rank * kPrime + count / 3) % count;
}

// Many short names in one piece of memory.
class NameTable {
 public:
  void Add(std::string_view name) {
    text_ += name;
    ends_.push_back(text_.size());
  }
  std::string_view operator[](uint64_t index) const {
    const uint64_t begin = index == 0 ? 0 : ends_[index - 1];
    return std::string_view(text_).substr(begin, ends_[index] - begin);
  }

 private:
  std::string text_;
  std::vector<uint64_t> ends_;
};

}  // namespace onrush::gen
