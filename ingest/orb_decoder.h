// Blocks of typed columns into rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "core/block/block_view.h"
#include "core/event_batch.h"
#include "core/plan.h"
#include "core/runtime/source.h"
#include "ingest/orb_columns.h"
#include "ingest/row_values.h"

namespace onrush {

// Description
//   Declared fields are columns of that name; other columns are not looked at. A column of another
//   type is converted where that is exact: numbers to decimals of more digits, anything to a text
//   (as JSON spells it, times in RFC 3339), texts to anything, by the rules of text formats, and
//   numbers to timestamps, by the stream's time format. A value that does not fit makes its row
//   bad. An empty text is a null. A record's raw form is an object with all columns of the file,
//   which must be there: blocks may lack columns only if StreamPlan::records_unused.
// Threads
//   One at a time; AppendRecord() once Decode() is done with the block.
class OrbDecoder : public Decoder, public RecordWriter {
 public:
  OrbDecoder(const StreamPlan& stream, TimeParser time_parser);

  // Fails with kDataLoss if the block is damaged, and with kInvalidArgument if it has no column of
  // a declared name, or one that cannot be converted.
  absl::Status Start(const TextBlock& block) override;
  bool Decode(EventBatch& batch) override;
  void ContinueInputOf(const Decoder&) override {}  // each block has a schema of its own
  // Lets a batch, whose rows from `first` on were just decoded, be read when this decoder has begun
  // with another block: it forgets dictionaries, and texts of compressed columns are copied.
  void Detach(EventBatch& batch, size_t first) const;
  void AppendRecord(const EventBatch& batch, size_t row, std::string& out) const override;

 private:
  enum class Way : uint8_t {
    kCopy,
    kScale,      // to a decimal with more digits after the point
    kWrite,      // to a text
    kParse,      // from a text
    kWriteParse  // from a number to a time
  };
  struct FieldSource {
    size_t column;
    Way way;
  };

  absl::Status MapFields(std::string_view file);
  // Nothing if there is none that is exact.
  static std::optional<Way> WayBetween(ValueType from, ValueType to);
  void DecodeField(size_t field, size_t count, EventBatch& batch);
  void CopyField(size_t field, size_t count, EventBatch& batch);
  void ScaleField(size_t field, size_t count, EventBatch& batch);
  void WriteField(const ColumnView& column, size_t count, EventBatch& batch);
  void ParseField(size_t field, size_t count, EventBatch& batch);
  Column& Scratch(ValueType type, size_t rows);

  const std::vector<FieldPlan> fields_;
  const size_t time_column_;
  const ColumnFilter needed_;
  RowValues values_;
  BlockSchema mapped_;  // the schema that sources_ are for
  std::vector<FieldSource> sources_;
  std::vector<Column> scratch_;  // one for each type that was needed

  // Of the block.
  std::string_view file_;
  uint64_t first_line_ = 1;
  uint64_t events_outside_ = 0;
  BlockView view_;
  size_t next_ = 0;  // row

  std::vector<std::string_view> texts_;  // of the rows that are being decoded
};

}  // namespace onrush
