// Any bytes are opened as a block without a crash. The checksums are made right first, or nothing
// else would ever be tried; and what opens can be read in any slices, with the same values.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "core/block/block_view.h"
#include "core/block/file_index.h"
#include "core/check.h"
#include "tests/support/random_block.h"

namespace onrush {
namespace {

// A header with right sizes around the input, whose first bytes choose what remains.
std::string MakeBlock(const uint8_t* data, size_t size) {
  const std::string payload(reinterpret_cast<const char*>(data) + 4, size - 4);
  BlockHeader header;
  header.has_times = (data[0] & 2) != 0;
  header.row_count = data[1];
  header.schema_size = std::min<uint32_t>(data[2], static_cast<uint32_t>(payload.size()));
  const size_t most_columns = (payload.size() - header.schema_size) / kStoredColumnSize;
  header.column_count = static_cast<uint32_t>(std::min<size_t>(data[0] >> 2, most_columns));
  header.stored_size = static_cast<uint32_t>(payload.size() - header.head_size());
  header.columns_size = header.stored_size + ((data[0] & 1) != 0 ? 1 + data[3] : 0);
  std::string block;
  AppendBlockHeader(header, block);
  block += payload;
  Reseal(block);
  return block;
}

// What is told of texts is so.
void CheckTexts(const ColumnView& column, size_t first, size_t count, const Column& slice) {
  if (column.type().kind != TypeKind::kString) return;
  std::vector<uint32_t> codes(count);
  const TextDictionary* const dictionary = column.dictionary();
  if (dictionary != nullptr) column.CopyCodes(first, count, codes.data());
  for (size_t i = 0; i < count; ++i) {
    ONRUSH_CHECK(column.may_be_empty() || !slice.strings[i].empty());
    ONRUSH_CHECK(dictionary == nullptr || dictionary->entries[codes[i]] == slice.strings[i]);
  }
}

void CheckSlices(const BlockView& view) {
  const std::vector<std::string> rows = RowTexts(view);
  for (size_t first = 0; first < rows.size(); first += 3) {
    const size_t count = std::min<size_t>(3, rows.size() - first);
    std::vector<Column> slice;
    for (const ColumnView& column : view.columns()) {
      slice.push_back(Column::Make(column.type(), 3));
      column.Copy(first, count, slice.back(), 0);
      CheckTexts(column, first, count, slice.back());
    }
    for (size_t i = 0; i < count; ++i) ONRUSH_CHECK(RowText(slice, i) == rows[first + i]);
  }
}

void TestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  ReadIndex(bytes).status().IgnoreError();
  ReadBlockHeader(bytes).status().IgnoreError();
  if (size < 4) return;
  static BlockView* const view = new BlockView;
  const PaddedBytes block(MakeBlock(data, size));
  const absl::Status status = view->Open(block.view());
  ONRUSH_CHECK(status.ok() || status.code() == absl::StatusCode::kDataLoss);
  ONRUSH_CHECK(status.ok() || view->row_count() == 0);
  if (status.ok()) CheckSlices(*view);
}

}  // namespace
}  // namespace onrush

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  onrush::TestOneInput(data, size);
  return 0;
}
