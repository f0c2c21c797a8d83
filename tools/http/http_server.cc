#include "tools/http/http_server.h"

#include <thread>
#include <utility>

#include "core/runtime/undisturbed_thread.h"
#include "core/status_macros.h"
#include "fmt/format.h"
#include "httplib.h"  // half of all that C++ can do: only this file includes it
#include "ingest/live/socket_address.h"
#include "tools/http/bounded_pool.h"

namespace onrush {
namespace {

constexpr char kMetricsType[] = "text/plain; version=0.0.4; charset=utf-8";
constexpr char kTextType[] = "text/plain; charset=utf-8";
constexpr size_t kWaitingConnections = 16;
// Practically none: closing a connection after every few requests costs more than they do.
constexpr size_t kMostRequestsOfAConnection = 1'000'000'000;

// cpp-httplib's interface over a pool that pushes back.
class HttpPool : public httplib::TaskQueue {
 public:
  explicit HttpPool(size_t threads) : pool_(threads, kWaitingConnections) {}
  void enqueue(std::function<void()> task) override { pool_.Add(std::move(task)); }
  void shutdown() override { pool_.Finish(); }

 private:
  BoundedPool pool_;
};

struct HostAndPort {
  std::string host;
  int port = 0;
};

absl::StatusOr<HostAndPort> ReadLocalAddress(std::string_view text) {
  ONRUSH_ASSIGN_OR_RETURN(const SocketAddress address, SocketAddress::ParseUdp(text));
  if (!address.IsLocal()) {
    return absl::InvalidArgumentError(fmt::format(
        "'{}': whoever reaches these pages may read them; right would be 127.0.0.1:PORT", text));
  }
  const std::string name = address.ToString();  // host and port in digits
  const size_t colon = name.rfind(':');
  HostAndPort result{name.substr(0, colon), std::stoi(name.substr(colon + 1))};
  if (result.host.starts_with('[')) result.host = result.host.substr(1, result.host.size() - 2);
  return result;
}

void AnswerCheck(const std::function<std::string()>& what_is_wrong, httplib::Response& response) {
  const std::string wrong = what_is_wrong();
  response.status = wrong.empty() ? 200 : 503;
  response.set_content(wrong.empty() ? "ok\n" : wrong + "\n", kTextType);
}

class RunningServer : public HttpServer {
 public:
  RunningServer(HttpPages pages, const HttpServerOptions& options) : pages_(std::move(pages)) {
    server_.set_tcp_nodelay(true);
    server_.set_keep_alive_max_count(kMostRequestsOfAConnection);
    server_.set_keep_alive_timeout(static_cast<time_t>(options.keep_alive_s));
    server_.set_payload_max_length(0);
    // Not the library's choice, SO_REUSEPORT: two servers would share a port without a word.
    server_.set_socket_options([](socket_t socket) {
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    });
    server_.new_task_queue = [threads = options.threads] { return new HttpPool(threads); };
    server_.Get("/metrics", [this](const httplib::Request&, httplib::Response& response) {
      response.set_content(pages_.metrics(), kMetricsType);
    });
    server_.Get("/healthz", [this](const httplib::Request&, httplib::Response& response) {
      AnswerCheck(pages_.trouble, response);
    });
    server_.Get("/readyz", [this](const httplib::Request&, httplib::Response& response) {
      AnswerCheck(pages_.not_ready, response);
    });
  }

  ~RunningServer() override {
    server_.stop();
    if (listener_.joinable()) listener_.join();
  }

  absl::Status Listen(const HostAndPort& address) {
    if (address.port == 0) {
      port_ = server_.bind_to_any_port(address.host);
    } else {
      port_ = server_.bind_to_port(address.host, address.port) ? address.port : -1;
    }
    if (port_ < 0) {
      return absl::UnavailableError(
          fmt::format("cannot listen at {}:{}", address.host, address.port));
    }
    listener_ = StartUndisturbed([this] { server_.listen_after_bind(); });
    // Before that, stop() would be forgotten.
    while (!server_.is_running()) std::this_thread::yield();
    return absl::OkStatus();
  }

  int port() const override { return port_; }

 private:
  const HttpPages pages_;
  httplib::Server server_;
  int port_ = -1;
  std::thread listener_;
};

}  // namespace

absl::Status HttpServer::CheckAddress(std::string_view address) {
  return ReadLocalAddress(address).status();
}

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(std::string_view address,
                                                              HttpPages pages,
                                                              const HttpServerOptions& options) {
  ONRUSH_ASSIGN_OR_RETURN(const HostAndPort host_and_port, ReadLocalAddress(address));
  auto server = std::make_unique<RunningServer>(std::move(pages), options);
  ONRUSH_RETURN_IF_ERROR(server->Listen(host_and_port));
  return server;
}

}  // namespace onrush
