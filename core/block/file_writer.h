// Rows into an .orb file.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "core/block/block_writer.h"
#include "core/block/file_index.h"

namespace onrush {

struct FileWriterOptions {
  // Zstandard's level for every block, 1 to 19; 0: blocks are not compressed.
  int zstd_level = 0;
  // A block is written when it has so many rows or bytes, whatever comes first. Large blocks
  // compress better; small ones stay in the caches and are skipped more often.
  size_t block_rows = 16 * 1024;
  size_t block_bytes = 1 << 20;
};

// Description
//   Header, blocks and, in Close(), the index. Nothing is kept but the open block and 40 bytes for
//   every block. A file that is not closed can be read up to its last whole block.
// Threads
//   One at a time.
class FileWriter {
 public:
  // Takes the file's bytes, one run after the other.
  using Output = std::function<absl::Status(std::string_view)>;

  // A new file. Requires: a valid schema.
  FileWriter(BlockSchema schema, const FileWriterOptions& options, Output output);
  // Goes on with a file that has the blocks of `index`. Its bytes from index.end() on, if there are
  // any, must be cut off first; the output is appended there.
  FileWriter(BlockSchema schema, const FileWriterOptions& options, Output output, FileIndex index);

  // Adds a row; see BlockWriter::Add(). After an error nothing may follow.
  absl::Status Add(const std::vector<Column>& columns, size_t row);
  // Hands the rows so far to the output, as a block.
  absl::Status EndBlock();
  // Writes what is left, and the index.
  absl::Status Close();

  const FileIndex& index() const { return index_; }

 private:
  absl::Status Write();

  const FileWriterOptions options_;
  const Output output_;
  BlockWriter block_;
  FileIndex index_;
  std::string bytes_;  // that are to be handed over
};

}  // namespace onrush
