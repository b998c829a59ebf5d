#include "net/proxy.hpp"

#include <doctest/doctest.h>

#include <map>
#include <optional>

#include "net/fetch.hpp"
#include "support/environment.hpp"

namespace weft {

using test::url_of;

namespace {

// Only these variables name proxies.
class ProxyEnvironment {
 public:
  explicit ProxyEnvironment(std::map<std::string, std::optional<std::string>> wanted)
      : environment_(with_all_others_unset(std::move(wanted))) {}

 private:
  static std::map<std::string, std::optional<std::string>> with_all_others_unset(
      std::map<std::string, std::optional<std::string>> wanted) {
    for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "ftp_proxy", "FTP_PROXY",
                             "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"}) {
      wanted.try_emplace(name, std::nullopt);
    }
    return wanted;
  }

  const test::Environment environment_;
};

std::string proxy_of(const ProxyRules& rules, std::string_view url) {
  const Proxy* proxy = rules.proxy_for(url_of(url));
  return proxy == nullptr ? "" : proxy->url;
}

}  // namespace

TEST_CASE("a proxy is written with or without scheme and port") {
  struct Row {
    const char* text;
    const char* url;
    const char* host;
    int port;
  };
  const Row rows[] = {
      {"p.test", "http://p.test:1080/", "p.test", 1080},
      {"p.test:3128", "http://p.test:3128/", "p.test", 3128},
      {"https://p.test", "https://p.test:443/", "p.test", 443},
      {"http://u:w@p.test:8080", "http://u:w@p.test:8080/", "p.test", 8080},
      {"[::1]:3128", "http://[::1]:3128/", "[::1]", 3128},
      // Names are resolved by the proxy, whatever the plain scheme would do.
      {"socks5://p.test", "socks5h://p.test:1080/", "p.test", 1080},
      {"socks4://p.test:9", "socks4a://p.test:9/", "p.test", 9},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto proxy = parse_proxy(row.text);
    REQUIRE(proxy);
    CHECK(proxy->url == row.url);
    CHECK(proxy->host == row.host);
    CHECK(proxy->port == row.port);
  }
  for (const char* bad : {"ftp://p.test", "http://", "http://p.test:99999", "a b"}) {
    CAPTURE(bad);
    const auto proxy = parse_proxy(bad);
    REQUIRE_FALSE(proxy);
    CHECK(proxy.error().message.find(bad) != std::string::npos);
  }
}

TEST_CASE("the environment names proxies by scheme") {
  const ProxyEnvironment environment({{"http_proxy", "h.test:1"}, {"ALL_PROXY", "a.test:2"}});
  const auto rules = ProxyRules::make("");
  REQUIRE(rules);
  CHECK(proxy_of(*rules, "http://x/") == "http://h.test:1/");
  CHECK(proxy_of(*rules, "https://x/") == "http://a.test:2/");

  CHECK(proxy_of(*rules, "ftp://x/") == "http://a.test:2/");
  CHECK(proxy_of(*rules, "sftp://x/") == "http://a.test:2/");

  CHECK(proxy_of(*ProxyRules::make("own.test:3"), "https://x/") == "http://own.test:3/");
  CHECK(proxy_of(*ProxyRules::make("own.test:3"), "ftps://x/") == "http://own.test:3/");
  CHECK(proxy_of(*ProxyRules::make("none"), "https://x/") == "");
}

TEST_CASE("a proxy for ftp is not one for the others") {
  const ProxyEnvironment environment({{"ftp_proxy", "f.test:1"}, {"no_proxy", ""}});
  const auto rules = ProxyRules::make("");
  REQUIRE(rules);
  CHECK(proxy_of(*rules, "ftp://x/") == "http://f.test:1/");
  for (const char* url : {"http://x/", "https://x/", "ftps://x/", "sftp://x/"}) {
    CAPTURE(url);
    CHECK(proxy_of(*rules, url) == "");
  }
}

TEST_CASE("no_proxy names hosts, domains and networks to reach directly") {
  const ProxyEnvironment environment(
      {{"http_proxy", "h.test"},
       {"no_proxy", "localhost, .Example.org,example.com 10.0.0.0/8,[::1],192.0.2.1,1.2.3.4/99"}});
  const auto rules = ProxyRules::make("");
  REQUIRE(rules);
  for (const char* url :
       {"http://localhost/", "http://example.org/", "http://a.example.org/", "http://example.com./",
        "http://10.255.0.1/", "http://[::1]/", "http://192.0.2.1/"}) {
    CAPTURE(url);
    CHECK(proxy_of(*rules, url) == "");
  }
  for (const char* url : {"http://notexample.org/", "http://11.0.0.1/", "http://[::2]/",
                          "http://192.0.2.10/", "http://1.2.3.4/", "http://org/"}) {
    CAPTURE(url);
    CHECK(proxy_of(*rules, url) != "");
  }
  const ProxyEnvironment all({{"http_proxy", "h.test"}, {"NO_PROXY", "*"}});
  CHECK(proxy_of(*ProxyRules::make(""), "http://x/") == "");
}

TEST_CASE("a configuration is checked before anything starts") {
  const ProxyEnvironment environment({});
  CHECK(validate({}));
  CHECK_FALSE(validate({.headers = {{"Bad Name", "x"}}}));
  CHECK_FALSE(validate({.headers = {{"X", "two\r\nlines"}}}));
  CHECK_FALSE(validate({.user_agent = "two\nlines"}));
  CHECK_FALSE(validate({.proxy = "gopher://p"}));
  CHECK_FALSE(validate({.cacert = "/no/such/bundle.pem"}));
  CHECK_FALSE(validate({.cookie_file = "/no/such/cookies.txt"}));
}

}  // namespace weft
