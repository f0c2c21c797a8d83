#include "ingest/orb_columns.h"

#include <utility>
#include <vector>

namespace onrush {

ColumnFilter NeededColumns(const StreamPlan& stream) {
  if (!stream.records_unused) return nullptr;
  std::vector<FieldPlan> fields = stream.fields;
  fields[stream.time_column].unused = false;
  return [fields = std::move(fields)](const BlockColumn& column) {
    for (const FieldPlan& field : fields) {
      if (field.name != column.name) continue;
      // Values that are converted may not fit, which makes their rows bad.
      return !field.unused || !(field.type == column.type);
    }
    return false;
  };
}

}  // namespace onrush
