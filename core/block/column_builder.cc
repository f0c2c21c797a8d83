#include "core/block/column_builder.h"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "core/block/little_endian.h"

namespace onrush {
namespace {

// Appends the low `width` bytes of each number.
template <typename Number>
void AppendNarrow(const std::vector<Number>& numbers, uint8_t width, std::string& out) {
  const size_t begin = out.size();
  out.resize(begin + numbers.size() * width);
  char* to = out.data() + begin;
  for (const Number number : numbers) {
    std::memcpy(to, &number, width);
    to += width;
  }
}

void AppendBitmap(const std::vector<uint8_t>& bits, std::string& out) {
  const size_t begin = out.size();
  out.resize(begin + BitmapSize(bits.size()));
  for (size_t i = 0; i < bits.size(); ++i) {
    out[begin + i / 8] = static_cast<char>(out[begin + i / 8] | (bits[i] << (i % 8)));
  }
}

// The largest unit of which all steps are multiples; 1 if there is none.
uint64_t CommonUnit(const std::vector<uint64_t>& steps) {
  uint64_t unit = 0;
  for (const uint64_t step : steps) {
    if (unit == 0 || step % unit != 0) unit = std::gcd(unit, step);
    if (unit == 1) break;
  }
  return std::max<uint64_t>(unit, 1);
}

std::pair<uint32_t, uint32_t> ShortestAndLongest(const std::vector<uint32_t>& lengths) {
  if (lengths.empty()) return {0, 0};
  const auto [shortest, longest] = std::minmax_element(lengths.begin(), lengths.end());
  return {*shortest, *longest};
}

// The distinct texts of a column, in the order of their first rows.
class Dictionary {
 public:
  // Gives up as soon as it is larger than `size_limit`, and after kSample rows that hardly repeat.
  Dictionary(const std::string& text, const std::vector<uint32_t>& lengths, size_t size_limit) {
    indices_.reserve(lengths.size());
    size_t begin = 0;
    absl::string_view last;
    for (const uint32_t length : lengths) {
      const absl::string_view entry(text.data() + begin, length);
      begin += length;
      // Columns that never change are common, and need no hashing.
      if (!indices_.empty() && entry == last) {
        indices_.push_back(indices_.back());
        continue;
      }
      last = entry;
      const auto [known, inserted] = entries_.try_emplace(entry, entries_.size());
      if (inserted) {
        lengths_.push_back(length);
        longest_ = std::max(longest_, length);
        bytes_.append(entry.data(), entry.size());
        if (size() >= size_limit) return;
      }
      indices_.push_back(known->second);
      gave_up_ = indices_.size() == kSample && lengths_.size() > kSample - kSample / 8;
      if (gave_up_) return;
    }
  }

  // It holds all rows.
  bool complete() const { return !gave_up_; }
  // Bytes in a block, for the rows so far.
  size_t size() const {
    return 5 + length_width() * lengths_.size() + bytes_.size() + width() * indices_.size();
  }

  void Append(std::string& out, uint8_t& index_width) const {
    index_width = width();
    AppendNumber(static_cast<uint32_t>(lengths_.size()), out);
    AppendNumber(length_width(), out);
    AppendNarrow(lengths_, length_width(), out);
    out += bytes_;
    AppendNarrow(indices_, index_width, out);
  }

 private:
  static constexpr size_t kSample = 4096;

  uint8_t length_width() const { return WidthOf(longest_); }
  uint8_t width() const { return WidthOf(lengths_.empty() ? 0 : lengths_.size() - 1); }

  bool gave_up_ = false;

  absl::flat_hash_map<absl::string_view, uint32_t> entries_;
  std::vector<uint32_t> lengths_;
  uint32_t longest_ = 0;
  std::string bytes_;
  std::vector<uint32_t> indices_;  // by row
};

}  // namespace

void ColumnBuilder::Add(const Column& column, size_t row) {
  const bool null = column.nulls[row] != 0;
  nulls_.push_back(null);
  has_nulls_ = has_nulls_ || null;
  switch (type_.kind) {
    case TypeKind::kString: {
      const std::string_view text = null ? std::string_view() : column.strings[row];
      text_ += text;
      lengths_.push_back(static_cast<uint32_t>(text.size()));
      break;
    }
    case TypeKind::kFloat:
      floats_.push_back(null ? 0 : column.floats[row]);
      break;
    case TypeKind::kInt:
    case TypeKind::kDecimal:
    case TypeKind::kBool:
    case TypeKind::kTimestamp:
      ints_.push_back(null ? 0 : column.ints[row]);
      break;
  }
}

void ColumnBuilder::Finish(std::string& out) {
  const size_t begin = out.size();
  out.resize(begin + kColumnHeaderSize);
  if (has_nulls_) AppendNulls(out);
  ColumnEncoding encoding = ColumnEncoding::kFrame;
  uint8_t width = 0;
  switch (type_.kind) {
    case TypeKind::kString:
      AppendTexts(out, encoding, width);
      break;
    case TypeKind::kFloat:
      encoding = ColumnEncoding::kFloats;
      width = sizeof(double);
      out.append(reinterpret_cast<const char*>(floats_.data()), floats_.size() * sizeof(double));
      break;
    case TypeKind::kBool:
      encoding = ColumnEncoding::kBits;
      AppendBits(out);
      break;
    case TypeKind::kInt:
    case TypeKind::kDecimal:
    case TypeKind::kTimestamp:
      AppendInts(out, width);
      break;
  }
  const char header[4] = {static_cast<char>(encoding), static_cast<char>(width),
                          static_cast<char>(has_nulls_ ? kHasNullsFlag : 0), 0};
  std::memcpy(out.data() + begin, header, sizeof(header));
  const size_t size = out.size() - begin - kColumnHeaderSize;
  StoreNumber(static_cast<uint32_t>(size), out.data() + begin + sizeof(header));
  nulls_.clear();
  has_nulls_ = false;
  ints_.clear();
  floats_.clear();
  text_.clear();
  lengths_.clear();
}

void ColumnBuilder::AppendNulls(std::string& out) const { AppendBitmap(nulls_, out); }

void ColumnBuilder::AppendBits(std::string& out) const {
  AppendBitmap(std::vector<uint8_t>(ints_.begin(), ints_.end()), out);
}

void ColumnBuilder::AppendInts(std::string& out, uint8_t& width) const {
  int64_t least = 0, most = 0;
  bool first = true;
  for (size_t i = 0; i < ints_.size(); ++i) {
    if (nulls_[i] != 0) continue;
    least = first ? ints_[i] : std::min(least, ints_[i]);
    most = first ? ints_[i] : std::max(most, ints_[i]);
    first = false;
  }
  std::vector<uint64_t> steps(ints_.size());
  for (size_t i = 0; i < ints_.size(); ++i) {
    if (nulls_[i] == 0) steps[i] = static_cast<uint64_t>(ints_[i]) - static_cast<uint64_t>(least);
  }
  const uint64_t unit = CommonUnit(steps);
  for (size_t i = 0; unit > 1 && i < steps.size(); ++i) steps[i] /= unit;
  width = WidthOf((static_cast<uint64_t>(most) - static_cast<uint64_t>(least)) / unit);
  AppendNumber(least, out);
  AppendNumber(unit, out);
  AppendNarrow(steps, width, out);
}

void ColumnBuilder::AppendTexts(std::string& out, ColumnEncoding& encoding, uint8_t& width) const {
  const auto [shortest, longest] = ShortestAndLongest(lengths_);
  width = WidthOf(longest - shortest);
  const size_t size = sizeof(shortest) + lengths_.size() * width + text_.size();
  const Dictionary dictionary(text_, lengths_, size);
  if (dictionary.complete() && dictionary.size() < size) {
    encoding = ColumnEncoding::kDictionary;
    dictionary.Append(out, width);
    return;
  }
  encoding = ColumnEncoding::kTexts;
  AppendNumber(shortest, out);
  std::vector<uint32_t> above(lengths_);
  for (uint32_t& length : above) length -= shortest;
  AppendNarrow(above, width, out);
  out += text_;
}

}  // namespace onrush
