#include "core/suggest.h"

#include <algorithm>

#include "fmt/format.h"

namespace onrush {
namespace {

constexpr size_t kMaxChoices = 12;

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

size_t EditDistance(std::string_view a, std::string_view b, size_t limit) {
  const size_t difference = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (difference > limit) return limit + 1;
  std::vector<size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    std::swap(before_last, last);
    std::swap(last, row);
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const bool same = Lower(a[i - 1]) == Lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && Lower(a[i - 1]) == Lower(b[j - 2]) &&
          Lower(a[i - 2]) == Lower(b[j - 1])) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
  }
  return std::min(row[b.size()], limit + 1);
}

// How many characters both have in the same order.
size_t CommonLength(std::string_view a, std::string_view b) {
  std::vector<size_t> last(b.size() + 1), row(b.size() + 1);
  for (const char c : a) {
    std::swap(last, row);
    for (size_t j = 1; j <= b.size(); ++j) {
      const bool same = Lower(c) == Lower(b[j - 1]);
      row[j] = same ? last[j - 1] + 1 : std::max(last[j], row[j - 1]);
    }
  }
  return row[b.size()];
}

// A character left out is a likelier slip than another one in its place.
std::string_view NearestName(std::string_view name,
                             const std::vector<std::string_view>& candidates) {
  std::string_view nearest;
  size_t common = 0;
  size_t limit = std::max<size_t>(1, name.size() / 3);
  for (std::string_view candidate : candidates) {
    if (candidate.empty()) continue;
    const size_t distance = EditDistance(name, candidate, limit);
    // Replacing all of a very short name is no slip.
    if (distance > limit || distance >= std::max(name.size(), candidate.size())) continue;
    const size_t in_common = CommonLength(name, candidate);
    if (!nearest.empty() && distance == limit && in_common <= common) continue;
    nearest = candidate;
    common = in_common;
    limit = distance;
  }
  return nearest;
}

std::string DescribeChoices(std::string_view name, const std::vector<std::string_view>& candidates,
                            std::string_view none) {
  if (candidates.empty()) return std::string(none);
  const std::string_view nearest = NearestName(name, candidates);
  if (!nearest.empty()) return fmt::format("'{}'", nearest);
  if (candidates.size() == 1) return fmt::format("'{}'", candidates[0]);
  std::string choices = "one of ";
  for (size_t i = 0; i < std::min(candidates.size(), kMaxChoices); ++i) {
    choices += fmt::format("{}'{}'", i == 0 ? "" : ", ", candidates[i]);
  }
  if (candidates.size() > kMaxChoices) choices += ", …";
  return choices;
}

}  // namespace onrush
