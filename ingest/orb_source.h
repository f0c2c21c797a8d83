// Files in .orb as a source.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/block/block_view.h"
#include "core/runtime/source.h"
#include "core/runtime/stop_token.h"
#include "core/time.h"
#include "ingest/input_files.h"
#include "ingest/orb_stream.h"

namespace onrush {

struct OrbSourceOptions {
  // Blocks whose events all lie outside [from, until) are not read, if `time_field` is the file's
  // time column.
  std::string time_field;
  std::optional<EventTime> from;
  std::optional<EventTime> until;
  // The columns that are read; the others are passed over where they are large. None: all.
  ColumnFilter needed;
  // What to do at the end of a file that was not closed, after all of its whole blocks: to fail
  // with kDataLoss, or to note it.
  bool accept_unclosed = false;
  // Ends a wait for bytes, with kCancelled.
  StopToken stop;
};

// True if `file` is a regular file that begins as .orb files do.
bool IsOrbFile(const std::string& file);

// Description
//   Files one after the other, each block of a file as one TextBlock, whose "lines" are rows,
//   counted from 1 in each file. Gzip and Zstandard around a file are recognised, "-" is standard
//   input.
// Threads
//   One at a time.
class OrbSource : public Source {
 public:
  // Fails as FileSource::Open().
  static absl::StatusOr<std::unique_ptr<OrbSource>> Open(std::vector<std::string> files,
                                                         const OrbSourceOptions& options);

  absl::StatusOr<bool> Next(TextBlock& block) override;
  bool may_wait() const override { return files_.may_wait(); }
  uint64_t bytes_read() const override { return files_.bytes_read(); }
  uint64_t bytes_total() const override { return files_.bytes_total(); }

  // One for each file that was not closed.
  std::vector<std::string> notes() const override { return notes_; }

 private:
  OrbSource(std::vector<std::string> files, const OrbSourceOptions& options)
      : files_(std::move(files), options.stop), options_(options) {}
  absl::StatusOr<bool> NextBlock(TextBlock& block);
  absl::StatusOr<bool> ReadBlock(TextBlock& block);
  absl::Status OpenNextFile();
  absl::Status CloseFile();
  absl::StatusOr<bool> IsOutside();
  // Which columns of the block are read; null: all.
  const std::vector<bool>* FindNeeded();

  InputFiles files_;
  const OrbSourceOptions options_;
  std::string_view file_;  // the one that stream_ reads
  std::unique_ptr<OrbStream> stream_;
  std::string known_schema_;          // as it stands in a block …
  std::vector<bool> needed_columns_;  // … and which of its columns are needed
  uint64_t next_number_ = 0;
  uint64_t next_row_ = 1;
  bool first_of_input_ = true;
  uint64_t events_outside_ = 0;  // that no block tells of yet
  std::vector<std::string> notes_;
  bool done_ = false;
};

}  // namespace onrush
