// TLS and HTTP/2, against a private nginx with a certificate made for the occasion.
#include <doctest/doctest.h>

#include <algorithm>

#include "net/fetch.hpp"
#include "support/certificate.hpp"
#include "support/nginx.hpp"
#include "support/test_server.hpp"

namespace weft {

using namespace std::chrono_literals;
using namespace weft::test;

namespace {

constexpr const char* kTls = "127.0.0.2";    // keeps connections
constexpr const char* kClose = "127.0.0.3";  // closes them after each answer

// A server with a certificate that only `cacert` vouches for.
class TlsSite {
 public:
  // `behind` answers what is asked for under /behind/.
  explicit TlsSite(const TestServer& behind) {
    if (!nginx_has_http2() || !certificate_.made()) return;
    const std::string more =
        " ssl_session_cache shared:s:1m;\n add_header X-Reused $ssl_session_reused;\n";
    nginx_ = Nginx::start(
        {{.address = "127.0.0.4",
          .files = {{"/a", std::string(50'000, 'a')}},
          .config = certificate_.listen(kTls) + more + " location /behind/ { proxy_pass " +
                    behind.url("/") + "; proxy_buffering off; }\n"},
         {.address = "127.0.0.5",
          .files = {{"/a", "short"}},
          .config = certificate_.listen(kClose) + more + " keepalive_timeout 0;\n"}});
  }

  bool runs() const { return nginx_ != nullptr; }
  std::string cacert() const { return certificate_.pem(); }
  std::string url(std::string_view target, std::string_view host = "site.test") const {
    return "https://" + std::string(host) + ":" + std::to_string(nginx_->port()) +
           std::string(target);
  }

 private:
  const Certificate certificate_;
  std::unique_ptr<Nginx> nginx_;
};

Net::Names names_at(const char* address) {
  return {{"site.test", addresses_of({address})}, {"other.test", addresses_of({address})}};
}

}  // namespace

TEST_CASE("a certificate is checked, and a bad one stays bad") {
  TestServer behind({});
  TlsSite site(behind);
  if (!site.runs()) return;
  Net trusting({.cacert = site.cacert()}, names_at(kTls));
  const TransferResult good = trusting.fetch(site.url("/a"));
  CAPTURE(good.message);
  CHECK(good.outcome == Outcome::ok);
  CHECK(good.response.body == std::string(50'000, 'a'));
  CHECK(good.response.timings.tls >= good.response.timings.connect);
  CHECK(good.response.timings.connect > 0s);
  CHECK(good.response.http_version == "1.1");

  const auto expect_bad = [&](Net& net, const std::string& url) {
    const TransferResult bad = net.fetch(url);
    CAPTURE(bad.message);
    CHECK(bad.outcome == Outcome::tls_error);
    CHECK_FALSE(bad.retryable);
    CHECK(contains(bad.message, "certificate"));
  };
  expect_bad(trusting, site.url("/a", "other.test"));
  Net strict({}, names_at(kTls));
  expect_bad(strict, site.url("/a"));

  Net careless({.verify_tls = false}, names_at(kTls));
  CHECK(careless.fetch(site.url("/a")).outcome == Outcome::ok);
  CHECK(careless.fetch(site.url("/a", "other.test")).outcome == Outcome::ok);
}

TEST_CASE("a handshake that is cut may go better later") {
  TestServer server({});
  Net net;
  const TransferResult result =
      net.fetch("https://127.0.0.1:" + std::to_string(server.port()) + "/");
  CAPTURE(result.message);
  CHECK(result.outcome == Outcome::tls_error);
  CHECK(result.retryable);
}

TEST_CASE("HTTP/2 is used where it is asked for and TLS offers it") {
  TestServer behind({{"/plain", ok("plain")}});
  TlsSite site(behind);
  if (!site.runs()) return;
  Net net({.http = HttpVersion::http2, .cacert = site.cacert()}, names_at(kTls));
  for (std::uint64_t token = 0; token < 100; ++token) {
    net.start(request_for(site.url("/a")), token);
  }
  for (const Completion& end : net.finish()) {
    CAPTURE(end.result.message);
    CHECK(end.result.outcome == Outcome::ok);
    CHECK(end.result.response.http_version == "2");
    CHECK(end.result.response.body.size() == 50'000);
    CHECK(end.result.response.headers.get("Content-Length") == "50000");
  }
  CHECK(net.fetch(behind.url("/plain")).response.http_version == "1.1");
}

TEST_CASE("a limited bandwidth is kept over HTTP/1.1, which can be made to wait") {
  TestServer behind({});
  TlsSite site(behind);
  if (!site.runs()) return;
  Net net({.http = HttpVersion::http2, .cacert = site.cacert()}, names_at(kTls), nullptr, 1_GiB);
  const Response response = net.fetch(site.url("/a")).response;
  CHECK(response.http_version == "1.1");
  CHECK(response.body.size() == 50'000);
}

TEST_CASE("an HTTP/2 stream that nobody wants more of takes no other one with it") {
  TestServer behind({{"/endless", endless()}});
  TlsSite site(behind);
  if (!site.runs()) return;
  Net net({.http = HttpVersion::http2, .cacert = site.cacert()}, names_at(kTls));
  CHECK(net.fetch(site.url("/a")).response.body.size() == 50'000);
  Kept kept(2);
  Request request = request_for(site.url("/behind/endless"));
  request.receiver = &kept;
  net.start(std::move(request), 1);
  for (int i = 0; i < 8; ++i) net.start(request_for(site.url("/a")));
  for (const Completion& end : net.finish()) {
    CAPTURE(end.result.message);
    CHECK(end.result.outcome == Outcome::ok);
    CHECK(end.result.stopped == (end.token == 1));
    CHECK(end.result.response.http_version == "2");
    if (end.token != 1) CHECK(end.result.response.body.size() == 50'000);
  }
  const Timings after = net.fetch(site.url("/a")).response.timings;
  CHECK(after.connect == 0s);  // the connection was kept
}

TEST_CASE("an HTTP/2 body that the server gives up on is no complete one") {
  TestServer behind({{"/cut", cut_body("hello", 100)}, {"/chunked", chunked_cut("hello")}});
  TlsSite site(behind);
  if (!site.runs()) return;
  Net net({.http = HttpVersion::http2, .cacert = site.cacert()}, names_at(kTls));
  for (const char* target : {"/behind/cut", "/behind/chunked"}) {
    CAPTURE(target);
    const TransferResult result = net.fetch(site.url(target));
    CAPTURE(result.message);
    CHECK(result.outcome == Outcome::truncated);
    CHECK(result.retryable);
  }
}

TEST_CASE("a later connection resumes the TLS session of the host") {
  TestServer behind({});
  TlsSite site(behind);
  if (!site.runs()) return;
  Net net({.cacert = site.cacert()}, names_at(kClose));
  CHECK(net.fetch(site.url("/a")).response.headers.get("X-Reused") == ".");
  CHECK(net.fetch(site.url("/a")).response.headers.get("X-Reused") == "r");
  // Requests to another host in between take another handle, if one is free.
  net.start(request_for(site.url("/a")));
  net.start(request_for(behind.url("/")));
  net.finish();
  CHECK(net.fetch(behind.url("/")).response.status == 404);
  CHECK(net.fetch(site.url("/a")).response.headers.get("X-Reused") == "r");
}

}  // namespace weft
