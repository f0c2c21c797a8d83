// Files and standard input as a source.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "core/plan.h"
#include "core/runtime/source.h"
#include "ingest/block_reader.h"
#include "ingest/input_files.h"

namespace onrush {

// Description
//   Reads files one after the other, decompressing gzip and Zstandard by their first bytes. "-" is
//   standard input. A file is opened when its turn comes and read as it is then, up to its end.
// Threads
//   One at a time.
class FileSource : public Source {
 public:
  // Fails if a file is missing, unreadable or a directory, if "-" is there twice, if there are no
  // files or if an option is out of range.
  static absl::StatusOr<std::unique_ptr<FileSource>> Open(std::vector<std::string> files,
                                                          Format format, char delimiter,
                                                          const BlockOptions& options);

  absl::StatusOr<bool> Next(TextBlock& block) override;
  bool may_wait() const override { return files_.may_wait(); }
  uint64_t bytes_read() const override { return files_.bytes_read(); }
  uint64_t bytes_total() const override { return files_.bytes_total(); }

 private:
  FileSource(std::vector<std::string> files, Format format, char delimiter,
             const BlockOptions& options)
      : files_(std::move(files), options.stop), reader_(format, delimiter, options) {}
  absl::StatusOr<bool> NextBlock(TextBlock& block);

  InputFiles files_;
  BlockReader reader_;
  bool done_ = false;  // after the last block or an error
};

}  // namespace onrush
