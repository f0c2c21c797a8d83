// Random schemas with random values, for tests of the block format.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/block/block_schema.h"
#include "core/block/block_view.h"
#include "core/event_batch.h"
#include "tests/support/random_source.h"

namespace onrush {

struct RandomBlock {
  BlockSchema schema;
  std::vector<Column> columns;
  size_t rows = 0;
};

// Columns of all types: constants, few and many different values, nulls, extremes, empty texts.
// Texts are views of literals and of `texts`, which must live as long and not be moved.
RandomBlock MakeRandomBlock(RandomSource& random, size_t most_rows,
                            std::vector<std::string>& texts);

// The block that the rows make.
std::string WriteBlock(const RandomBlock& block, int zstd_level = 0);

// Makes the checksums of the block that begins at `at` right again after it was changed, as far as
// its sizes tell where they are.
void Reseal(std::string& bytes, size_t at = 0);

// A copy of bytes that may be read on from, as readers of blocks do.
class PaddedBytes {
 public:
  explicit PaddedBytes(std::string_view bytes) : bytes_(bytes), size_(bytes.size()) {
    bytes_.resize(size_ + BlockView::kPadding);
  }
  std::string_view view() const { return {bytes_.data(), size_}; }

 private:
  std::string bytes_;
  size_t size_;
};

// The values of a row as JSON, one after the other.
std::string RowText(const std::vector<Column>& columns, size_t row);
// All rows of a block that was read.
std::vector<std::string> RowTexts(const BlockView& view);

}  // namespace onrush
