// A private nginx on loopback addresses, with sites that the test writes, and what it
// served: the server's own word on what a crawl asked for, and when.
//
//   std::unique_ptr<Nginx> nginx = Nginx::start({{.files = {{"/index.html", "<p>"}}}});
//   if (nginx == nullptr) return;  // not installed: the test is skipped
//   fetch(nginx->url("/"));
//   CHECK(nginx->stop().size() == 1);
//
// Every site listens on the same free port, at an address of its own: one host each.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/process.hpp"
#include "support/temp_dir.hpp"

namespace weft::test {

// In files and config @PORT@ stands for the port, which is not known before.
struct Site {
  std::string address = "127.0.0.1";           // of 127.0.0.0/8
  std::map<std::string, std::string> files{};  // "/a/b.html": its contents
  std::string config{};                        // more nginx directives for its server block
};

// One line of the access log. Times are nginx's, in whole milliseconds.
struct Served {
  std::chrono::milliseconds started{};  // since the epoch: when the request began to arrive
  std::chrono::milliseconds ended{};
  std::uint64_t connection = 0;
  std::string address;  // of the site
  int status = 0;
  std::uint64_t bytes = 0;  // of the body, handed to the connection
  std::string target;       // as it was sent
};

// False, and a line "SKIPPED nginx with HTTP/2" on standard output, where there is none.
bool nginx_has_http2();

class Nginx {
 public:
  // Null, and a line "SKIPPED nginx" on standard output, where nginx is not installed.
  // Throws where it does not start. Every site accepts connections when
  // it returns.
  static std::unique_ptr<Nginx> start(std::vector<Site> sites);
  ~Nginx();

  std::string url(std::string_view target, std::string_view address = "127.0.0.1") const;
  std::uint16_t port() const { return port_; }

  // Lets it answer what it has begun and end; what it served, in the order of the ends.
  // May be called again: the same answer.
  const std::vector<Served>& stop();

 private:
  Nginx(const std::vector<Site>& sites, std::uint16_t port);
  std::string config(const std::vector<Site>& sites) const;

  const TempDir directory_;
  const std::uint16_t port_;
  std::optional<Process> process_;
  std::vector<Served> served_;
};

}  // namespace weft::test
