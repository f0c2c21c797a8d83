#include "tools/onrush/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <string>

namespace onrush {
namespace {

std::string_view Environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view() : value;
}

std::optional<int64_t> ReadNumber(std::string_view text) {
  int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || rest != end || number <= 0) return std::nullopt;
  return number;
}

}  // namespace

bool TellServiceManager(std::string_view state) {
  const std::string_view path = Environment("NOTIFY_SOCKET");
  if (path.empty()) return true;
  sockaddr_un to = {};
  to.sun_family = AF_UNIX;
  if (path.size() >= sizeof(to.sun_path) || (path[0] != '/' && path[0] != '@')) return false;
  path.copy(to.sun_path, path.size());
  if (path[0] == '@') to.sun_path[0] = '\0';  // an abstract name, which is as long as it is
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  const int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return false;
  const ssize_t sent = sendto(descriptor, state.data(), state.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
                              reinterpret_cast<const sockaddr*>(&to), size);
  close(descriptor);
  return sent == static_cast<ssize_t>(state.size());
}

std::optional<Duration> WatchdogInterval() {
  constexpr int64_t kMostUs = std::numeric_limits<int64_t>::max() / 1000;
  const std::optional<int64_t> pid = ReadNumber(Environment("WATCHDOG_PID"));
  if (pid && *pid != getpid()) return std::nullopt;  // meant for another process
  const std::optional<int64_t> us = ReadNumber(Environment("WATCHDOG_USEC"));
  if (!us || *us > kMostUs) return std::nullopt;
  return Duration{*us * 1000};
}

}  // namespace onrush
