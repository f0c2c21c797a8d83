// "Did you mean": the nearest of the names that would have been right.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace onrush {

// The fewest insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`
// (optimal string alignment), or `limit` + 1 if more than `limit` are needed. Letters are compared
// without their case. O(|a| · |b|).
size_t EditDistance(std::string_view a, std::string_view b, size_t limit);

// The candidate that `name` is most likely a slip of, or an empty view: at most one edit in three
// characters (and one in shorter names). Of equally near ones the first.
std::string_view NearestName(std::string_view name,
                             const std::vector<std::string_view>& candidates);

// What to write instead of `name`, for the end of an error message: "'page'" if one candidate is
// near, else "one of 'page', 'ts', 'user'" (a dozen at most), else `none`, for no candidates.
std::string DescribeChoices(std::string_view name, const std::vector<std::string_view>& candidates,
                            std::string_view none);

}  // namespace onrush
