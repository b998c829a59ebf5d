// Servers that close a connection after some requests, as nginx does after 1,000: requests that
// come too late for it are made again, and nobody counts that as a failure.
#include <doctest/doctest.h>
#include <fmt/core.h>

#include <memory>
#include <set>

#include "e2e/weft_run.hpp"
#include "support/certificate.hpp"
#include "support/http2_server.hpp"
#include "support/nginx.hpp"

namespace weft::test {
namespace {

constexpr int kPages = 300;
constexpr int kPerConnection = 3;
constexpr const char* kPlain = "127.0.0.90";
constexpr const char* kTls = "127.0.0.91";

std::string links() {
  std::string links;
  for (int i = 0; i < kPages; ++i) links += fmt::format("<a href=\"/{}.html\">x</a>\n", i);
  return links;
}

// One page that links to the others.
class ClosingSite {
 public:
  ClosingSite() {
    if (!nginx_has_http2() || !certificate_.made()) return;
    Site site{.address = kPlain,
              .config = certificate_.listen(kTls) +
                        fmt::format("keepalive_requests {};", kPerConnection)};
    site.files["/index.html"] = links();
    for (int i = 0; i < kPages; ++i) {
      site.files[fmt::format("/{}.html", i)] = fmt::format("<p>page {}", i);
    }
    nginx_ = Nginx::start({site});
  }

  Nginx* nginx() { return nginx_.get(); }
  std::string url(const std::string& target) const {
    return fmt::format("https://{}:{}{}", kTls, nginx_->port(), target);
  }

 private:
  const Certificate certificate_;
  std::unique_ptr<Nginx> nginx_;
};

void check_all_answered_at_once(const Records& records, std::size_t pages) {
  CHECK(records.pages("ok").size() == pages);
  for (const nlohmann::json& record : records.all()) {
    CAPTURE(record.at("url"));
    CHECK(record.at("attempts") == 1);
  }
}

// What the server saw: it did close connections, and several requests shared each.
void check_closed(const std::vector<Served>& served) {
  std::set<std::uint64_t> connections;
  for (const Served& one : served) connections.insert(one.connection);
  CHECK(connections.size() >= kPages / kPerConnection);
  CHECK(connections.size() < kPages);
}

TEST_CASE("a crawl loses nothing to a server that closes its connections") {
  ClosingSite site;
  if (site.nginx() == nullptr) return;
  const Workplace here;
  std::vector<std::string> words{"crawl", "-o", "job", "-x", "16", "--threads", "2", "-k"};
  SUBCASE("with HTTP/2") { words.insert(words.end(), {"--http2", site.url("/")}); }
  SUBCASE("with HTTP/1.1 and TLS") { words.push_back(site.url("/")); }
  SUBCASE("with HTTP/1.1") { words.push_back(site.nginx()->url("/", kPlain)); }
  const Ended ended = here.run(words);
  CHECK_MESSAGE(ended.exit_code == 0, ended.err);
  check_all_answered_at_once(here.records(), kPages + 1);
  check_closed(site.nginx()->stop());
}

// nginx seldom leaves a stream unanswered, unless the machine is busy; these do it each time.
TEST_CASE("neither to one that ends them with streams unanswered") {
  for (const std::string how : {"goaway", "goaway-late", "close", "reset"}) {
    CAPTURE(how);
    const auto server = Http2Server::start(how, 20, links());
    if (server == nullptr) return;
    const Workplace here;
    const Ended ended = here.run({"crawl", "-o", "job", "-x", "16", "--threads", "2", "-k",
                                  "--http2", "--no-robots", server->url("/")});
    CHECK_MESSAGE(ended.exit_code == 0, ended.err);
    check_all_answered_at_once(here.records(), kPages + 1);
    CHECK(server->connections() >= kPages / 20);
    CHECK(server->connections() < kPages / 2);
  }
}

TEST_CASE("downloads lose nothing to a server that closes its connections") {
  ClosingSite site;
  if (site.nginx() == nullptr) return;
  const Workplace here;
  std::string list;
  for (int i = 0; i < kPages; ++i) list += site.url(fmt::format("/{}.html", i)) + "\n";
  here.write("list", list);
  const Ended ended = here.run({"get", "-i", "list", "-o", "out", "-k", "--http2", "-x", "16"});
  CHECK_MESSAGE(ended.exit_code == 0, ended.err);
  check_all_answered_at_once(here.records("out/.weft"), kPages);
  CHECK(here.read("out/299.html") == "<p>page 299");
  check_closed(site.nginx()->stop());
}

}  // namespace
}  // namespace weft::test
