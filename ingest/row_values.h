// The last step of every text decoder: the texts of the declared fields become column values.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "core/event_batch.h"
#include "core/plan.h"
#include "ingest/field_parser.h"
#include "ingest/time_parser.h"

namespace onrush {

// Description
//   A decoder finds where the fields of some rows are; then each column is parsed on its own in a
//   tight loop. An empty text is a null. The first field, in the order of declaration, that is not
//   of its type makes its row bad; so does a null time.
// Threads
//   One per decoder: it holds the texts of one batch at a time.
class RowValues {
 public:
  RowValues(const StreamPlan& stream, TimeParser time_parser);

  // Makes room for the rows of `batch`. Allocates only if it has more than any batch before.
  void Prepare(EventBatch& batch);

  // Where the text of a field goes, one a row. kReadableAfterField bytes must be readable after
  // each that is not empty. All texts of a bad row must be empty.
  std::string_view* texts(size_t field) { return texts_[field]; }
  std::string_view* const* texts() const { return texts_.data(); }  // by field
  size_t field_count() const { return texts_.size(); }

  // Parses the texts of rows [first, last) into the columns.
  void Parse(EventBatch& batch, size_t first, size_t last);

 private:
  template <typename Value, typename Read>
  void ParseColumn(EventBatch& batch, size_t field, size_t first, size_t last, Value* values,
                   Read read);
  void ParseTimes(EventBatch& batch, size_t field, size_t first, size_t last);

  std::vector<FieldPlan> fields_;
  TimeParser time_parser_;
  std::vector<std::string_view*> texts_;  // a string column itself, or into scratch_
  std::vector<std::vector<std::string_view>> scratch_;
};

}  // namespace onrush
