// Telling systemd how we are.
#pragma once

#include <optional>
#include <string_view>

#include "core/time.h"

namespace onrush {

// Sends `state` ("READY=1", "STOPPING=1", "STATUS=…", "WATCHDOG=1") to whoever started us and named
// a socket for it in NOTIFY_SOCKET; does nothing if nobody did. The protocol is that of
// sd_notify(3). Never waits. False if there was somebody to tell and it could not be told.
bool TellServiceManager(std::string_view state);

// How often WATCHDOG=1 is expected (WATCHDOG_USEC), if at all: half of that is a good measure.
std::optional<Duration> WatchdogInterval();

}  // namespace onrush
