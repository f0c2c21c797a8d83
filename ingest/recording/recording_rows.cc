#include "ingest/recording/recording_rows.h"

namespace onrush {

const BlockSchema& RecordingSchema() {
  static const BlockSchema* const schema =
      new BlockSchema{.columns = {{"arrived", {TypeKind::kTimestamp}},
                                  {"kind", {TypeKind::kInt}},
                                  {"stream", {TypeKind::kString}},
                                  {"format", {TypeKind::kString}},
                                  {"sender", {TypeKind::kString}},
                                  {"line", {TypeKind::kInt}},
                                  {"safe_rows", {TypeKind::kInt}},
                                  {"raw", {TypeKind::kString}}},
                      .time_column = recorded::kArrived};
  return *schema;
}

}  // namespace onrush
