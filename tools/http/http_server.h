// Pages for those who watch over the program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace onrush {

// What the pages show. Called by threads of the server, several at once.
struct HttpPages {
  // /metrics, in the format of core/metrics/metrics_text.h.
  std::function<std::string()> metrics;
  // /healthz and /readyz: what is wrong, or nothing.
  std::function<std::string()> trouble;
  std::function<std::string()> not_ready;
};

struct HttpServerOptions {
  // Connections that are served at once; a connection that is kept alive counts. Others wait.
  size_t threads = 4;
  // Seconds until a connection without a request is closed.
  uint64_t keep_alive_s = 2;
};

// Description
//   Serves the pages on this machine only. Its threads have no part in what happens to events, and
//   signals go to others.
// Threads
//   Start() and the destructor on one.
class HttpServer {
 public:
  // `address` is HOST:PORT; port 0: the system chooses. Fails with kInvalidArgument if HOST is not
  // this machine itself (127.0.0.1, [::1]), and naming the address if it is taken.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(std::string_view address,
                                                           HttpPages pages,
                                                           const HttpServerOptions& options = {});
  // kInvalidArgument unless `address` is HOST:PORT of this machine alone.
  static absl::Status CheckAddress(std::string_view address);

  virtual ~HttpServer() = default;  // closes all connections; may take keep_alive_s

  virtual int port() const = 0;

 protected:
  HttpServer() = default;
};

}  // namespace onrush
