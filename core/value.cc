#include "core/value.h"

#include "core/check.h"
#include "fmt/format.h"

namespace onrush {

std::string TypeName(ValueType type) {
  switch (type.kind) {
    case TypeKind::kInt:
      return "int";
    case TypeKind::kDecimal:
      return fmt::format("decimal({})", type.scale);
    case TypeKind::kFloat:
      return "float";
    case TypeKind::kString:
      return "string";
    case TypeKind::kBool:
      return "bool";
    case TypeKind::kTimestamp:
      return "timestamp";
  }
  ONRUSH_CHECK(false);
}

}  // namespace onrush
