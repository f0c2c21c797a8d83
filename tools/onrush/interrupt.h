// Ctrl-C as a request.
#pragma once

namespace onrush {

// From now on the first SIGINT or SIGTERM only sets a flag; the second one kills. A read or a
// write that waits goes on waiting.
void CatchInterrupts();

// Whether one came since. Any thread.
bool Interrupted();

}  // namespace onrush
