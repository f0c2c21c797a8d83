#include "operators/word_measures.h"

namespace onrush {

void WordCount::Combine(int64_t& word, uint32_t, const Accumulators& column, size_t slot) {
  RankValue count;
  if (column.Rank(slot, count)) word += static_cast<int64_t>(count.exact);
}

void WordCount::AppendJson(int64_t word, uint32_t, std::string& out) const {
  AppendInt128(word, out);
}

void WordSum::Combine(int64_t& word, uint32_t id, const Accumulators& column, size_t slot) {
  RankValue sum;
  if (column.Rank(slot, sum)) AddBeyond(word, id, sum.exact);
}

void WordSum::AppendJson(int64_t word, uint32_t id, std::string& out) const {
  if (word == 0) {
    out += "null";
    return;
  }
  Int128 sum = word >> 1;
  if (!beyond_.empty()) {
    if (const auto found = beyond_.find(id); found != beyond_.end()) sum += found->second;
  }
  AppendDecimal(sum, scale_, out);
}

}  // namespace onrush
