#include "core/block/column_view.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <type_traits>

#include "core/block/little_endian.h"
#include "core/block/widen_steps.h"
#include "core/check.h"

namespace onrush {
namespace {

constexpr size_t kTextsPerBegin = 256;

absl::Status Damaged() { return absl::DataLossError("a column of a block is damaged"); }

// Numbers of one to eight bytes, at any address.
template <typename Number>
struct Narrow {
  const char* from;
  Number operator[](size_t i) const { return LoadNumber<Number>(from + i * sizeof(Number)); }
};

// Calls `use` with the numbers of that width. Width 0 is the caller's: all numbers are 0.
template <typename Use>
void WithNarrow(const char* from, uint8_t width, Use use) {
  switch (width) {
    case 1:
      return use(Narrow<uint8_t>{from});
    case 2:
      return use(Narrow<uint16_t>{from});
    case 4:
      return use(Narrow<uint32_t>{from});
    case 8:
      return use(Narrow<uint64_t>{from});
  }
  ONRUSH_CHECK(width == 0);
}

uint64_t Largest(const char* from, uint8_t width, size_t count) {
  uint64_t largest = 0;
  WithNarrow(from, width, [&](auto numbers) {
    auto most = numbers[0];
    for (size_t i = 1; i < count; ++i) most = std::max(most, numbers[i]);
    largest = most;
  });
  return largest;
}

// Of at most kTextsPerBegin lengths, so that those of one or two bytes add up to less than 2^32.
uint64_t Sum(const char* from, uint8_t width, size_t count) {
  uint64_t sum = 0;
  WithNarrow(from, width, [&](auto numbers) {
    std::conditional_t<sizeof(numbers[0]) <= 2, uint32_t, uint64_t> part = 0;
    for (size_t i = 0; i < count; ++i) part += numbers[i];
    sum = part;
  });
  return sum;
}

bool GetBit(const char* bits, size_t i) {
  return (static_cast<uint8_t>(bits[i / 8]) >> (i % 8) & 1) != 0;
}

ColumnEncoding OtherEncoding(TypeKind kind) {
  if (kind == TypeKind::kFloat) return ColumnEncoding::kFloats;
  return kind == TypeKind::kBool ? ColumnEncoding::kBits : ColumnEncoding::kFrame;
}

bool IsEncodingOf(TypeKind kind, ColumnEncoding encoding) {
  if (kind == TypeKind::kString) {
    return encoding == ColumnEncoding::kTexts || encoding == ColumnEncoding::kDictionary;
  }
  return encoding == OtherEncoding(kind);
}

bool IsWidthOf(ColumnEncoding encoding, uint8_t width) {
  switch (encoding) {
    case ColumnEncoding::kFloats:
      return width == 8;
    case ColumnEncoding::kBits:
      return width == 0;
    case ColumnEncoding::kFrame:
      return width <= 2 || width == 4 || width == 8;
    case ColumnEncoding::kTexts:
    case ColumnEncoding::kDictionary:
      return width <= 2 || width == 4;
  }
  return false;
}

}  // namespace

absl::Status ColumnView::Read(ValueType type, size_t rows, std::string_view& bytes) {
  if (bytes.size() < kColumnHeaderSize) return Damaged();
  type_ = type;
  rows_ = rows;
  encoding_ = static_cast<ColumnEncoding>(bytes[0]);
  width_ = static_cast<uint8_t>(bytes[1]);
  const auto flags = static_cast<uint8_t>(bytes[2]);
  const char zero = bytes[3];
  const auto size = LoadNumber<uint32_t>(bytes.data() + 4);
  bytes.remove_prefix(kColumnHeaderSize);
  if (!IsEncodingOf(type.kind, encoding_) || !IsWidthOf(encoding_, width_) ||
      flags > kHasNullsFlag || zero != 0 || size > bytes.size()) {
    return Damaged();
  }
  std::string_view body = bytes.substr(0, size);
  bytes.remove_prefix(size);
  nulls_ = nullptr;
  may_be_empty_ = false;
  if (flags == kHasNullsFlag) {
    if (body.size() < BitmapSize(rows)) return Damaged();
    nulls_ = body.data();
    body.remove_prefix(BitmapSize(rows));
  }
  return ReadBody(body);
}

absl::Status ColumnView::ReadBody(std::string_view body) {
  switch (encoding_) {
    case ColumnEncoding::kFrame:
      return ReadFrame(body);
    case ColumnEncoding::kFloats:
      return ReadFloats(body);
    case ColumnEncoding::kBits:
      values_ = body.data();
      return body.size() == BitmapSize(rows_) ? absl::OkStatus() : Damaged();
    case ColumnEncoding::kTexts:
      return ReadTexts(body);
    case ColumnEncoding::kDictionary:
      return ReadDictionary(body);
  }
  return Damaged();
}

absl::Status ColumnView::ReadFrame(std::string_view body) {
  constexpr size_t kBegin = sizeof(base_) + sizeof(unit_);
  if (body.size() != kBegin + rows_ * width_) return Damaged();
  base_ = LoadNumber<int64_t>(body.data());
  unit_ = LoadNumber<uint64_t>(body.data() + sizeof(base_));
  values_ = body.data() + kBegin;
  return unit_ > 0 ? absl::OkStatus() : Damaged();
}

absl::Status ColumnView::ReadFloats(std::string_view body) {
  if (body.size() != rows_ * sizeof(double)) return Damaged();
  values_ = body.data();
  bool finite = true;
  for (size_t i = 0; i < rows_; ++i) finite &= std::isfinite(Narrow<double>{values_}[i]);
  return finite ? absl::OkStatus() : Damaged();
}

absl::Status ColumnView::ReadTexts(std::string_view body) {
  const size_t lengths_size = rows_ * width_;
  if (body.size() < sizeof(uint32_t) + lengths_size) return Damaged();
  shortest_ = LoadNumber<uint32_t>(body.data());
  may_be_empty_ = shortest_ == 0;
  body.remove_prefix(sizeof(uint32_t));
  values_ = body.data();
  texts_ = body.data() + lengths_size;
  size_t begin = 0;
  text_begins_.clear();
  for (size_t row = 0; row < rows_; row += kTextsPerBegin) {
    text_begins_.push_back(begin);
    const size_t count = std::min(kTextsPerBegin, rows_ - row);
    begin += count * shortest_ + Sum(values_ + row * width_, width_, count);
  }
  return begin == body.size() - lengths_size ? absl::OkStatus() : Damaged();
}

absl::Status ColumnView::ReadDictionary(std::string_view body) {
  constexpr size_t kBegin = sizeof(uint32_t) + 1;
  if (body.size() < kBegin) return Damaged();
  const auto count = LoadNumber<uint32_t>(body.data());
  const auto width = static_cast<uint8_t>(body[kBegin - 1]);
  body.remove_prefix(kBegin);
  // Every entry is some row's; codes are below their number.
  if (!IsWidthOf(encoding_, width) || count > rows_ || (count == 0 && rows_ > 0)) return Damaged();
  const size_t lengths_size = size_t{count} * width;
  const size_t codes_size = rows_ * width_;
  if (body.size() < lengths_size + codes_size) return Damaged();
  const std::string_view texts = body.substr(lengths_size, body.size() - lengths_size - codes_size);
  if (!TakeEntries(body.data(), width, count, texts)) return Damaged();
  values_ = texts.data() + texts.size();
  return rows_ == 0 || Largest(values_, width_, rows_) < count ? absl::OkStatus() : Damaged();
}

// False if the entries are not as long as their texts.
bool ColumnView::TakeEntries(const char* lengths, uint8_t width, size_t count,
                             std::string_view texts) {
  static std::atomic<uint64_t> dictionaries = 0;
  dictionary_.number = dictionaries.fetch_add(1, std::memory_order_relaxed) + 1;
  std::vector<std::string_view>& entries = dictionary_.entries;
  if (entries.capacity() < count) entries.reserve(std::bit_ceil(count));
  entries.resize(count);
  std::string_view* const to = entries.data();
  if (width == 0) std::fill_n(to, count, texts.substr(0, 0));
  size_t end = 0;
  bool any_empty = width == 0;
  WithNarrow(lengths, width, [&, text = texts.data()](auto numbers) {
    size_t at = 0, empty = 0;
    for (size_t i = 0; i < count; ++i) {
      const size_t length = numbers[i];
      to[i] = {text + at, length};
      at += length;
      empty += length == 0;
    }
    end = at;
    any_empty = empty > 0;
  });
  may_be_empty_ = any_empty;
  return end == texts.size();
}

void ColumnView::Copy(size_t first, size_t count, Column& to, size_t to_first) const {
  CopyNulls(first, count, to.nulls.data() + to_first);
  switch (encoding_) {
    case ColumnEncoding::kFrame:
      return CopyInts(first, count, to.ints.data() + to_first);
    case ColumnEncoding::kFloats:
      return CopyFloats(first, count, to.floats.data() + to_first);
    case ColumnEncoding::kBits:
      return CopyBits(first, count, to.ints.data() + to_first);
    case ColumnEncoding::kTexts:
      return CopyTexts(first, count, to.strings.data() + to_first);
    case ColumnEncoding::kDictionary:
      return CopyFromDictionary(first, count, to.strings.data() + to_first);
  }
}

void ColumnView::CopyNulls(size_t first, size_t count, uint8_t* to) const {
  if (nulls_ == nullptr) {
    std::fill_n(to, count, uint8_t{0});
    return;
  }
  for (size_t i = 0; i < count; ++i) to[i] = GetBit(nulls_, first + i);
}

void ColumnView::CopyInts(size_t first, size_t count, int64_t* to) const {
  if (width_ == 0) {
    std::fill_n(to, count, base_);
  } else {
    WidenSteps(values_ + first * width_, width_, count, base_, unit_, to);
  }
}

void ColumnView::CopyFloats(size_t first, size_t count, double* to) const {
  const Narrow<double> floats{values_ + first * sizeof(double)};
  for (size_t i = 0; i < count; ++i) to[i] = floats[i] + 0.0;  // a negative zero becomes zero
}

void ColumnView::CopyBits(size_t first, size_t count, int64_t* to) const {
  for (size_t i = 0; i < count; ++i) to[i] = GetBit(values_, first + i);
}

void ColumnView::CopyTexts(size_t first, size_t count, std::string_view* to) const {
  if (width_ == 0) return CopyEqualTexts(first, count, to);
  const size_t known = first / kTextsPerBegin * kTextsPerBegin;
  WithNarrow(values_ + known * width_, width_, [&](auto lengths) {
    // Not a member, which each text that is stored might change for all the compiler knows.
    const size_t shortest = shortest_;
    const char* text = texts_ + text_begins_[known / kTextsPerBegin];
    for (size_t i = 0; i < first - known; ++i) text += shortest + lengths[i];
    for (size_t i = 0; i < count; ++i) {
      const size_t length = shortest + lengths[first - known + i];
      to[i] = {text, length};
      text += length;
    }
  });
}

void ColumnView::CopyEqualTexts(size_t first, size_t count, std::string_view* to) const {
  const size_t length = shortest_;
  const char* text = texts_ + first * length;
  for (size_t i = 0; i < count; ++i, text += length) to[i] = {text, length};
}

void ColumnView::CopyFromDictionary(size_t first, size_t count, std::string_view* to) const {
  const std::string_view* const entries = dictionary_.entries.data();
  if (width_ == 0) std::fill_n(to, count, entries[0]);
  WithNarrow(values_ + first * width_, width_, [&](auto codes) {
    for (size_t i = 0; i < count; ++i) to[i] = entries[codes[i]];
  });
}

void ColumnView::CopyCodes(size_t first, size_t count, uint32_t* to) const {
  if (width_ == 0) std::fill_n(to, count, 0);
  WithNarrow(values_ + first * width_, width_, [&](auto codes) {
    for (size_t i = 0; i < count; ++i) to[i] = static_cast<uint32_t>(codes[i]);
  });
}

}  // namespace onrush
