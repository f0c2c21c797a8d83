// What a reader of windowed results keeps: the highest revision of each.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace onrush::realdata {

// By query, window and key (top_k: query and window), as they stand in the lines: the measures.
using FinalResults = std::map<std::string, std::string>;

struct Revisions {
  FinalResults final_results;
  uint64_t updates = 0;  // lines that revise another
  // Lines whose revision is not the next one, or that say nothing new.
  std::string errors;
};

// Reads the result lines of one query. An aggregate's first measure must be its count.
Revisions ReadRevisions(std::string_view lines);

// A line for each.
std::string TextOf(const FinalResults& results);

}  // namespace onrush::realdata
