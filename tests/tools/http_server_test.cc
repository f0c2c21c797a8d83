#include "tools/http/http_server.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "doctest/doctest.h"
#include "fmt/format.h"
#include "ingest/live/socket_address.h"
#include "tools/http/bounded_pool.h"

namespace onrush {
namespace {

struct Answers {
  std::atomic<bool> well = true;

  HttpPages pages() {
    return {.metrics = [] { return std::string("onrush_a 1\n"); },
            .trouble = [this] { return well ? std::string() : "the disk is full"; },
            .not_ready = [] { return std::string("still loading"); }};
  }
};

std::unique_ptr<HttpServer> StartServer(Answers& answers) {
  absl::StatusOr<std::unique_ptr<HttpServer>> server =
      HttpServer::Start("127.0.0.1:0", answers.pages());
  REQUIRE_MESSAGE(server.ok(), std::string(server.status().message()));
  return *std::move(server);
}

// A TCP connection that asks for one page after the other.
class Client {
 public:
  explicit Client(int port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    const SocketAddress address = *SocketAddress::ParseUdp(fmt::format("127.0.0.1:{}", port));
    REQUIRE(connect(socket_, address.get(), address.size()) == 0);
    const timeval patience = {10, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  }
  ~Client() { close(socket_); }

  // Head and body of the answer.
  std::string Get(const std::string& path, const std::string& method = "GET") {
    const std::string request = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    REQUIRE(send(socket_, request.data(), request.size(), 0) ==
            static_cast<ssize_t>(request.size()));
    std::string answer;
    while (!IsWhole(answer)) {
      char bytes[4096];
      const ssize_t size = recv(socket_, bytes, sizeof(bytes), 0);
      REQUIRE(size > 0);
      answer.append(bytes, static_cast<size_t>(size));
    }
    return answer;
  }

 private:
  static bool IsWhole(const std::string& answer) {
    const size_t head = answer.find("\r\n\r\n");
    const size_t length = answer.find("Content-Length: ");
    return head != answer.npos && length < head &&
           answer.size() >= head + 4 + std::stoul(answer.substr(length + 16));
  }

  const int socket_;
};

TEST_SUITE_BEGIN("tools/http/http_server");

TEST_CASE("metrics, health and readiness have their pages") {
  Answers answers;
  const std::unique_ptr<HttpServer> server = StartServer(answers);
  Client client(server->port());
  const std::string metrics = client.Get("/metrics");
  CHECK(metrics.starts_with("HTTP/1.1 200 "));
  CHECK(metrics.find("Content-Type: text/plain; version=0.0.4") != metrics.npos);
  CHECK(metrics.ends_with("\r\n\r\nonrush_a 1\n"));
  CHECK(client.Get("/healthz").starts_with("HTTP/1.1 200 "));
  CHECK(client.Get("/readyz").starts_with("HTTP/1.1 503 "));
  answers.well = false;
  CHECK(client.Get("/healthz").starts_with("HTTP/1.1 503 "));
  CHECK(client.Get("/healthz").ends_with("\r\n\r\nthe disk is full\n"));
  CHECK(client.Get("/").starts_with("HTTP/1.1 404 "));
  CHECK(client.Get("/metrics", "DELETE").starts_with("HTTP/1.1 404 "));
}

TEST_CASE("a connection may ask many times") {
  Answers answers;
  const std::unique_ptr<HttpServer> server = StartServer(answers);
  Client client(server->port());
  for (int i = 0; i < 200; ++i) CHECK(client.Get("/healthz").starts_with("HTTP/1.1 200 "));
}

TEST_CASE("more clients than threads are all answered") {
  Answers answers;
  const std::unique_ptr<HttpServer> server = StartServer(answers);
  std::atomic<int> answered = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 12; ++i) {
    clients.emplace_back([&] {
      Client client(server->port());
      if (client.Get("/metrics").starts_with("HTTP/1.1 200 ")) ++answered;
    });
  }
  for (std::thread& client : clients) client.join();
  CHECK(answered == 12);
}

TEST_CASE("others than this machine, and ports that are taken, are refused") {
  Answers answers;
  const auto message = [&](const std::string& address) {
    const auto server = HttpServer::Start(address, answers.pages());
    return server.ok() ? std::string() : std::string(server.status().message());
  };
  CHECK(message("0.0.0.0:0").find("127.0.0.1:PORT") != std::string::npos);
  CHECK(message("9100").find("there is no port") != std::string::npos);
  const std::unique_ptr<HttpServer> server = StartServer(answers);
  const std::string taken = fmt::format("127.0.0.1:{}", server->port());
  CHECK(message(taken).find(taken) != std::string::npos);
  CHECK(message("[::1]:0").empty());
}

TEST_CASE("a pool with a full queue lets whoever adds wait") {
  std::atomic<int> done = 0;
  std::atomic<bool> go = false;
  BoundedPool pool(2, 1);
  std::thread adds([&] {
    for (int i = 0; i < 20; ++i) {
      pool.Add([&] {
        go.wait(false);
        ++done;
      });
    }
  });
  CHECK(done == 0);
  go = true;
  go.notify_all();
  adds.join();
  pool.Finish();
  CHECK(done == 20);
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
