// A small HTTP/1.1 server on a loopback port for what well-behaved servers do not do.
//
//   TestServer server({{"/slow", slow(1s, ok("late"))}, {"/cut", cut_body("hello", 100)}});
//   fetch(server.url("/slow"));
//
// What does not begin as HTTP does (a TLS handshake) is hung up on. A target that is not in the
// table is answered 404. Every connection has a thread of its own; at most kMaxConnections at once,
// further ones wait to be accepted.
//
// Threads:   every method of TestServer may be called from any thread; a Behaviour runs
//            on its connection's thread, several at once.
// Ownership: the destructor cuts every connection and joins every thread; waits within
//            behaviours end at once.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace weft::test {

struct RequestHead {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case

  std::optional<std::string> get(std::string_view lower_name) const;
};

struct SeenRequest {
  RequestHead head;
  std::chrono::steady_clock::time_point started;  // when its head had been read
  int connection = 0;                             // counted from 1
};

// One accepted connection, as a Behaviour sees it.
class Connection {
 public:
  explicit Connection(int fd, int number);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int number() const { return number_; }  // counted from 1

  // False when the other side, or the server, has gone.
  bool send(std::string_view bytes);
  void close();  // in order: everything sent arrives
  void reset();  // RST: what was sent may be lost on the way

  // False at once when the server is being destroyed.
  bool wait(std::chrono::nanoseconds duration);
  void wait_for_end();  // until the other side hangs up or the server is destroyed

 private:
  friend class TestServer;
  bool read_head(RequestHead& head);
  void stop();

  const int number_;
  std::string buffer_;

  std::mutex mutex_;
  std::condition_variable stopped_;
  int fd_;  // -1: closed
  bool stopping_ = false;
  bool done_ = false;  // its thread is about to end
};

// What to do with a request. The connection is kept for another one unless the
// behaviour has closed it.
using Behaviour = std::function<void(Connection&, const RequestHead&)>;

class TestServer {
 public:
  static constexpr std::size_t kMaxConnections = 256;
  using Table = std::initializer_list<std::pair<const std::string, Behaviour>>;

  // `address` is where it listens: 127.0.0.1, another of 127.0.0.0/8, or ::1.
  explicit TestServer(Table table, std::string address = "127.0.0.1");
  explicit TestServer(Behaviour behaviour, std::string address = "127.0.0.1");
  ~TestServer();

  std::uint16_t port() const { return port_; }
  std::string url(std::string_view target) const;  // "http://127.0.0.1:PORT/target"

  std::vector<SeenRequest> requests() const;
  // Waits until that many requests have been seen.
  void wait_for_requests(std::size_t count) const;
  int connections() const;   // accepted so far
  int most_at_once() const;  // requests being answered at the same time

 private:
  struct Worker {
    std::unique_ptr<Connection> connection;
    std::thread thread;
  };

  void listen_on(const std::string& address);
  void accept_all();
  bool wait_for_room();
  void serve(Connection& connection);
  void join_finished(bool all);

  const std::string address_;
  const Behaviour behaviour_;
  int listener_ = -1;
  std::uint16_t port_ = 0;

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool stopping_ = false;
  int accepted_ = 0;
  int answering_ = 0;
  int most_ = 0;
  std::vector<SeenRequest> requests_;
  std::list<Worker> workers_;
  std::thread acceptor_;
};

// ---- Canned behaviours. Header lines carry no line end. ----

Behaviour ok(std::string body, std::vector<std::string> header_lines = {});  // text/html
Behaviour status(int code, std::string body = {}, std::vector<std::string> header_lines = {});
Behaviour redirect(const std::string& location, int code = 302);
Behaviour raw(std::string bytes);       // these bytes, then the connection is closed
Behaviour raw_open(std::string bytes);  // these bytes, and the connection stays

Behaviour slow(std::chrono::nanoseconds delay, Behaviour then);
Behaviour drip(std::string body, std::chrono::nanoseconds gap);  // a byte at a time
Behaviour silent();  // reads the request and never answers
Behaviour silent_after(std::string bytes);
Behaviour endless(std::vector<std::string> header_lines = {});  // a body that never ends
Behaviour endless_headers();

Behaviour drop();             // closes without a word
Behaviour drop_in_headers();  // closes within the header lines
Behaviour cut_body(const std::string& body,
                   std::size_t promised);  // Content-Length is a lie, then FIN
Behaviour reset_at_once();
Behaviour reset_in_body(const std::string& body, std::size_t promised);
// Gives a part to who asks for one, as long as If-Range (if sent) is this ETag.
Behaviour ranged(std::string body, const std::string& etag = "\"1\"");
Behaviour chunked(const std::vector<std::string>& chunks);
Behaviour chunked_cut(const std::string& chunk);                  // no last chunk
Behaviour excess(const std::string& body, std::size_t promised);  // sends more than it promised
Behaviour conflicting_lengths(const std::string& body);
Behaviour garbage();
// 429 with Retry-After for the first `times` requests, whoever sends them, then `then`.
Behaviour busy(int times, const std::string& retry_after, Behaviour then);

}  // namespace weft::test
