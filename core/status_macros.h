// Early return on a failed absl::Status.
#pragma once

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define ONRUSH_CONCAT_INNER(a, b) a##b
#define ONRUSH_CONCAT(a, b) ONRUSH_CONCAT_INNER(a, b)

#define ONRUSH_RETURN_IF_ERROR(expression)                                                    \
  do {                                                                                        \
    if (absl::Status onrush_status = (expression); !onrush_status.ok()) return onrush_status; \
  } while (false)

#define ONRUSH_ASSIGN_OR_RETURN(declaration, expression) \
  ONRUSH_ASSIGN_OR_RETURN_IMPL(ONRUSH_CONCAT(onrush_status_or_, __LINE__), declaration, expression)

#define ONRUSH_ASSIGN_OR_RETURN_IMPL(temporary, declaration, expression) \
  auto temporary = (expression);                                         \
  if (!temporary.ok()) return temporary.status();                        \
  declaration = std::move(temporary).value()
