// Ctrl-C as a request.
#pragma once

#include "core/runtime/stop_token.h"

namespace onrush {

// From now on the first SIGINT or SIGTERM only asks to stop and breaks off waiting system calls;
// the second one kills. Threads that shall not be disturbed must block both.
void CatchInterrupts();

// Asked by those signals.
StopToken InterruptToken();

}  // namespace onrush
