// Who may be reached: names, addresses and the policy on them, proxies, credentials.
#include <doctest/doctest.h>

#include <condition_variable>
#include <mutex>
#include <set>

#include "net/fetch.hpp"
#include "support/environment.hpp"
#include "support/temp_dir.hpp"
#include "support/test_server.hpp"

namespace weft {

using namespace weft::test;

namespace {

std::string on(const TestServer& server, std::string_view host, std::string_view target = "/") {
  return "http://" + std::string(host) + ":" + std::to_string(server.port()) + std::string(target);
}

}  // namespace

TEST_CASE("names are looked up by our resolver alone, and once") {
  TestServer server({{"/", ok("found")}});
  Net net({}, {{"site.test", addresses_of({"127.0.0.1"})},
               {"dotted.test.", addresses_of({"127.0.0.1"})},
               {"localhost", addresses_of({"127.0.0.1"})}});
  for (const char* host : {"site.test", "site.test", "dotted.test.", "localhost"}) {
    CAPTURE(host);
    const TransferResult result = net.fetch(on(server, host));
    CAPTURE(result.message);
    CHECK(result.outcome == Outcome::ok);
    CHECK(result.response.ip == "127.0.0.1");
    CHECK(server.requests().back().head.get("host") ==
          std::string(host) + ":" + std::to_string(server.port()));
  }
  CHECK(net.lookups() == 3);
}

TEST_CASE("a second connection for the same request needs no look-up by others") {
  // The first request of a connection is answered; a second one is dropped once the other
  // host has been asked, and then libcurl connects again by itself.
  std::mutex mutex;
  std::condition_variable changed;
  std::set<int> served;
  bool other_asked = false;
  TestServer server([&](Connection& connection, const RequestHead& head) {
    std::unique_lock lock(mutex);
    if (head.target == "/other") other_asked = true;
    changed.notify_all();
    const bool first = served.insert(connection.number()).second;
    if (!first) changed.wait(lock, [&] { return other_asked; });
    (first ? ok("answer") : drop())(connection, head);
  });
  Net net({}, {{"site.test", addresses_of({"127.0.0.1"})},
               {"other.test", addresses_of({"127.0.0.1"})}});
  for (int i = 0; i < 2; ++i) net.start(request_for(on(server, "site.test")));
  for (const Completion& end : net.finish()) CHECK(end.result.outcome == Outcome::ok);

  std::vector<Completion> ended;
  net.start(request_for(on(server, "site.test")), 1);
  while (server.requests().size() < 3) net.wait_now(ended);
  net.start(request_for(on(server, "other.test", "/other")), 2);  // a handle moves on
  for (const Completion& end : net.finish()) {
    CAPTURE(end.result.message);
    CHECK(end.result.outcome == Outcome::ok);
  }
  CHECK(server.connections() == 4);
}

TEST_CASE("a name without address is a DNS error") {
  Net net;
  const TransferResult result = net.fetch("http://nowhere.test/");
  CHECK(result.outcome == Outcome::dns_error);
  CHECK_FALSE(result.retryable);
  CHECK(contains(result.message, "nowhere.test"));
  CHECK(contains(result.message, "no such name"));
}

TEST_CASE("several addresses are tried until one answers") {
  TestServer server({{"/", ok("found")}}, "127.0.0.3");
  Net net({}, {{"site.test", addresses_of({"127.0.0.1", "127.0.0.2", "127.0.0.3"})}});
  const TransferResult result = net.fetch(on(server, "site.test"));
  CHECK(result.outcome == Outcome::ok);
  CHECK(result.response.ip == "127.0.0.3");
}

TEST_CASE("when none answers, the message names those that were tried") {
  Net net({}, {{"site.test", addresses_of({"127.0.0.1", "127.0.0.2"})}});
  const TransferResult result = net.fetch("http://site.test:1/");
  CHECK(result.outcome == Outcome::connect_error);
  CAPTURE(result.message);
  CHECK(contains(result.message, "site.test:1 (127.0.0.1, 127.0.0.2)"));
}

TEST_CASE("an IPv6 server is reached by its address and by a name") {
  TestServer server({{"/", ok("six")}}, "::1");
  Net net({},
          {{"six.test", addresses_of({"::1"})}, {"both.test", addresses_of({"::1", "127.0.0.1"})}});
  for (const std::string& url :
       {server.url("/"), on(server, "six.test"), on(server, "both.test")}) {
    const TransferResult result = net.fetch(url);
    CAPTURE(result.message);
    CHECK(result.response.body == "six");
    CHECK(result.response.ip == "::1");
  }
}

TEST_CASE("a request for the public web never reaches a special address") {
  TestServer server({{"/", ok("secret")}});
  Net net({}, {{"rebound.test", addresses_of({"127.0.0.1", "10.0.0.1"})}});
  for (const char* host :
       {"127.0.0.1", "[::ffff:127.0.0.1]", "[::1]", "rebound.test", "2130706433"}) {
    CAPTURE(host);
    const TransferResult result = net.fetch({.url = url_of(on(server, host))});
    CHECK(result.outcome == Outcome::refused_address);
    CHECK_FALSE(result.retryable);
    CHECK(contains(result.message, "not a public address"));
    CHECK(result.response.status == 0);
  }
  CHECK(server.connections() == 0);
}

TEST_CASE("a kept connection to a special address serves only who may reach it") {
  TestServer server({{"/", ok("secret")}});
  // The name's answer turns public after the connection was made.
  std::atomic<int> asked = 0;
  SystemClock clock;
  Resolver resolver({.ttl = {}}, clock, [&](const std::string&) -> Resolution {
    return {.addresses = addresses_of({++asked == 1 ? "127.0.0.1" : "8.8.8.8"})};
  });
  RateLimit limit({0}, clock);
  net_global_init();
  const auto transfers = make_curl_transfers({.proxy = "none"}, resolver, limit, clock);
  const auto fetch = [&](AddressPolicy policy) {
    transfers->start({.url = url_of(on(server, "turns.test")), .addresses = policy}, 0);
    std::vector<Completion> ended;
    while (ended.empty()) transfers->wait(Clock::time_point::max(), ended);
    return ended.front().result;
  };
  CHECK(fetch(AddressPolicy::any).outcome == Outcome::ok);
  const TransferResult result = fetch(AddressPolicy::public_only);
  CHECK(result.outcome == Outcome::refused_address);
  CHECK(server.requests().size() == 1);
}

TEST_CASE("credentials of the URL go to its host and no further") {
  TestServer server([](Connection& connection, const RequestHead& head) {
    redirect("/elsewhere")(connection, head);
  });
  Net net({}, {{"other.test", addresses_of({"127.0.0.1"})}});
  net.fetch("http://us%65r:p%40ss@127.0.0.1:" + std::to_string(server.port()) + "/");
  net.fetch(on(server, "127.0.0.1"));
  net.fetch(on(server, "other.test"));
  const auto seen = server.requests();
  REQUIRE(seen.size() == 3);
  CHECK(seen[0].head.get("authorization") == "Basic dXNlcjpwQHNz");  // user:p@ss
  CHECK_FALSE(seen[1].head.get("authorization"));
  CHECK_FALSE(seen[2].head.get("authorization"));
}

TEST_CASE("credentials may come from the user's netrc file") {
  const TempDir home;
  write_file(home / ".netrc", "machine 127.0.0.1 login me password secret\n");
  const Environment environment({{"HOME", home.path()}});
  TestServer server({{"/", ok("")}});
  Net with({.netrc = true});
  with.fetch(server.url("/"));
  Net without;
  without.fetch(server.url("/"));
  CHECK(server.requests().at(0).head.get("authorization") == "Basic bWU6c2VjcmV0");  // me:secret
  CHECK_FALSE(server.requests().at(1).head.get("authorization"));
}

TEST_CASE("credentials of the netrc file are for the host it names") {
  const TempDir home;
  write_file(home / ".netrc", "machine named.test login me password secret\n");
  const Environment environment({{"HOME", home.path()}});
  TestServer server([](Connection& connection, const RequestHead& head) {
    ok("")(connection, head);
    connection.close();
  });
  Net net({.netrc = true}, {{"named.test", addresses_of({"127.0.0.1"})},
                            {"other.test", addresses_of({"127.0.0.1"})}});
  const std::string own = on(server, "named.test");
  const std::string of_url = "http://you:hidden@" + own.substr(7);
  for (const std::string& url :
       {own, on(server, "other.test"), of_url, own, on(server, "other.test")}) {
    CHECK(net.fetch(url).outcome == Outcome::ok);
  }
  const auto seen = server.requests();
  REQUIRE(seen.size() == 5);
  CHECK(seen[0].head.get("authorization") == "Basic bWU6c2VjcmV0");  // me:secret
  CHECK_FALSE(seen[1].head.get("authorization"));
  CHECK(seen[2].head.get("authorization") == "Basic eW91OmhpZGRlbg==");  // you:hidden
  CHECK(seen[3].head.get("authorization") == "Basic bWU6c2VjcmV0");
  CHECK_FALSE(seen[4].head.get("authorization"));
}

TEST_CASE("credentials in common headers are not for a host that a redirect led to") {
  TestServer server({{"/", ok("")}});
  Net net({.headers = {{"authorization", "Bearer t"}, {"Cookie", "a=b"}, {"X-Plain", "1"}}});
  const auto fetch = [&](bool foreign, std::vector<Header> headers) {
    Request request = request_for(server.url("/"));
    request.foreign = foreign;
    request.headers = std::move(headers);
    net.fetch(std::move(request));
    return server.requests().back().head;
  };
  for (int i = 0; i < 2; ++i) {
    const RequestHead home = fetch(false, {});
    CHECK(home.get("authorization") == "Bearer t");
    CHECK(home.get("cookie") == "a=b");
    const RequestHead foreign = fetch(true, {});
    CHECK_FALSE(foreign.get("authorization"));
    CHECK_FALSE(foreign.get("cookie"));
    CHECK(foreign.get("x-plain") == "1");
    CHECK(foreign.get("accept-encoding"));
  }
  // What the request itself says is its own affair.
  CHECK(fetch(true, {{"Authorization", "Bearer own"}}).get("authorization") == "Bearer own");
}

TEST_CASE("a proxy is asked for the whole URL and resolves the name itself") {
  TestServer proxy([](Connection& connection, const RequestHead& head) {
    ok("from the proxy: " + head.target)(connection, head);
  });
  Net net({.proxy = "http://proxy.test:" + std::to_string(proxy.port())},
          {{"proxy.test", addresses_of({"127.0.0.1"})}});
  const TransferResult result = net.fetch({.url = url_of("http://far.test/page")});
  CAPTURE(result.message);
  CHECK(result.outcome == Outcome::ok);
  CHECK(result.response.body == "from the proxy: http://far.test/page");
  CHECK(net.lookups() == 1);  // the proxy's own name

  // Only an address that stands in the URL can be judged from here.
  CHECK(net.fetch({.url = url_of("http://10.0.0.1/")}).outcome == Outcome::refused_address);
  CHECK(proxy.requests().size() == 1);
}

TEST_CASE("a proxy that will not connect us is a connect error") {
  TestServer proxy(
      [](Connection& connection, const RequestHead& head) { status(403, "no")(connection, head); });
  Net net({.proxy = "127.0.0.1:" + std::to_string(proxy.port())});
  const TransferResult result = net.fetch("https://far.test/");
  CHECK(result.outcome == Outcome::connect_error);
  CHECK(proxy.requests().at(0).head.method == "CONNECT");
  CHECK(proxy.requests().at(0).head.target == "far.test:443");
}

TEST_CASE("a name that no name can be is a DNS error, not a look-up") {
  Net net;
  const std::string label(60, 'a');
  std::string host;
  for (int i = 0; i < 6; ++i) host += label + ".";
  CHECK(net.fetch("http://" + host + "test/").outcome == Outcome::dns_error);
  CHECK(net.lookups() == 0);
}

TEST_CASE("the addresses of a thousand hosts are handed over one by one") {
  TestServer server([](Connection& connection, const RequestHead& head) {
    ok (*head.get("host"))(connection, head);
    connection.close();
  });
  Net::Names names;
  for (int i = 0; i < 1000; ++i) {
    names["h" + std::to_string(i) + ".test"] = addresses_of({"127.0.0.1"});
  }
  Net net({}, std::move(names));
  int good = 0;
  for (int round = 0; round < 40; ++round) {
    for (int i = 0; i < 50; ++i) {  // each host twice, far apart
      net.start(request_for(on(server, "h" + std::to_string((round * 50 + i) % 1000) + ".test")));
    }
    for (const Completion& end : net.finish()) good += end.result.outcome == Outcome::ok;
  }
  CHECK(good == 2000);
  CHECK(net.lookups() == 1000);
}

}  // namespace weft
