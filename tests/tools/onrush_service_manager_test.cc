#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "doctest/doctest.h"
#include "ingest/live/datagram_socket.h"
#include "tests/support/temporary_directory.h"
#include "tools/onrush/service_manager.h"

namespace onrush {
namespace {

// An environment variable for a scope.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    setenv(name, value.c_str(), 1);
  }
  ~Variable() { unsetenv(name_); }

 private:
  const char* const name_;
};

std::string Receive(int socket) {
  char bytes[100];
  const ssize_t size = recv(socket, bytes, sizeof(bytes), MSG_DONTWAIT);
  return size < 0 ? "nothing" : std::string(bytes, static_cast<size_t>(size));
}

TEST_SUITE_BEGIN("tools/onrush/service_manager");

TEST_CASE("without a service manager there is nobody to tell") {
  unsetenv("NOTIFY_SOCKET");
  CHECK(TellServiceManager("READY=1"));
}

TEST_CASE("a service manager with a path is told") {
  TemporaryDirectory directory;
  const std::string path = directory.path() + "/notify";
  const auto manager = DatagramSocket::Bind(*SocketAddress::OfUnixPath(path));
  REQUIRE(manager.ok());
  const Variable variable("NOTIFY_SOCKET", path);
  CHECK(TellServiceManager("READY=1"));
  CHECK(Receive(manager->fd()) == "READY=1");
}

TEST_CASE("a service manager with an abstract name is told") {
  const int manager = socket(AF_UNIX, SOCK_DGRAM, 0);
  sockaddr_un name = {};
  name.sun_family = AF_UNIX;
  REQUIRE(bind(manager, reinterpret_cast<const sockaddr*>(&name), sizeof(sa_family_t)) == 0);
  socklen_t size = sizeof(name);
  REQUIRE(getsockname(manager, reinterpret_cast<sockaddr*>(&name), &size) == 0);
  const std::string abstract(name.sun_path + 1, size - sizeof(sa_family_t) - 1);
  const Variable variable("NOTIFY_SOCKET", "@" + abstract);
  CHECK(TellServiceManager("STOPPING=1"));
  CHECK(Receive(manager) == "STOPPING=1");
  close(manager);
}

TEST_CASE("a service manager that is not there is no reason to fail, but to say so") {
  const Variable variable("NOTIFY_SOCKET", "/nowhere/notify");
  CHECK_FALSE(TellServiceManager("READY=1"));
}

TEST_CASE("a watchdog is told from its absence") {
  CHECK_FALSE(WatchdogInterval());
  const Variable interval("WATCHDOG_USEC", "30000000");
  CHECK(WatchdogInterval() == Duration{30 * kNanosPerSecond});
  {
    const Variable mine("WATCHDOG_PID", std::to_string(getpid()));
    CHECK(WatchdogInterval());
  }
  const Variable other("WATCHDOG_PID", "1");
  CHECK_FALSE(WatchdogInterval());
}

TEST_CASE("an interval that is none is ignored") {
  for (const char* text : {"", "x", "0", "-5", "9223372036854775807"}) {
    const Variable interval("WATCHDOG_USEC", text);
    CHECK_FALSE(WatchdogInterval());
  }
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
