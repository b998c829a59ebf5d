// The resolver and name servers: what is asked, of whom, when, and for how long it holds.
#include <doctest/doctest.h>

#include <atomic>
#include <future>

#include "support/dns_server.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_dir.hpp"
#include "weft/net/resolver.hpp"

namespace weft {

using namespace std::chrono_literals;
using test::DnsAnswer;
using test::DnsServer;
using test::ManualClock;

namespace {

using Kind = DnsAnswer::Kind;
using Answer = std::shared_ptr<const Resolution>;

DnsAnswer found(const std::string& /*name*/) { return {.addresses = {"127.0.0.1"}}; }

bool is_dead(const std::string& name) { return name.starts_with("dead"); }

Resolution unexpected(const std::string& host) {
  FAIL_CHECK("the system was asked of ", host);
  return {.error = "unexpected"};
}

// A machine that has nothing but this name server.
ResolverConfig config_for(const DnsServer& server, ResolverConfig config = {}) {
  config.dns_servers = server.address();
  config.hosts_file = "/dev/null";
  config.nsswitch_conf.clear();
  config.resolv_conf = "/dev/null";
  if (!config.system) config.system = unexpected;
  return config;
}

std::future<Answer> ask(Resolver& resolver, std::string_view host) {
  auto promise = std::make_shared<std::promise<Answer>>();
  resolver.resolve(host, [promise](Answer answer) { promise->set_value(std::move(answer)); });
  return promise->get_future();
}

Answer resolve(Resolver& resolver, std::string_view host) { return ask(resolver, host).get(); }

std::string nth(std::string_view what, int n) { return fmt::format("{}{}.test", what, n); }

}  // namespace

TEST_CASE("resolver: hundreds of names are asked before the first is answered") {
  DnsServer server(found);
  server.hold();
  const ManualClock clock;
  Resolver resolver(config_for(server), clock);
  std::vector<std::future<Answer>> answers;
  for (int i = 0; i < 500; ++i) answers.push_back(ask(resolver, nth("a", i)));
  server.wait_for_names(500);
  server.release();
  for (auto& answer : answers) {
    CHECK(answer.get()->addresses == Addresses{*parse_ip("127.0.0.1")});
  }
}

TEST_CASE("resolver: as many are asked at once as may be, the rest in turn") {
  DnsServer server(found);
  server.hold();
  const ManualClock clock;
  Resolver resolver(config_for(server, {.most_young = 3}), clock);
  std::vector<std::future<Answer>> answers;
  for (int i = 0; i < 20; ++i) answers.push_back(ask(resolver, nth("a", i)));
  server.wait_for_names(3);
  CHECK(server.names() == 3);
  server.release();
  for (auto& answer : answers) CHECK_FALSE(answer.get()->addresses.empty());
  CHECK(server.names() == 20);
}

TEST_CASE("resolver: names that nobody answers for delay no other") {
  DnsServer server([](const std::string& name) -> DnsAnswer {
    return is_dead(name) ? DnsAnswer{.kind = Kind::silence} : found(name);
  });
  ManualClock clock;
  Resolver resolver(config_for(server, {.most_young = 10}), clock);
  std::vector<std::future<Answer>> dead;
  for (int i = 0; i < 10; ++i) dead.push_back(ask(resolver, nth("dead", i)));
  server.wait_for_names(10);
  clock.advance(1s);  // they are young no longer
  for (int i = 0; i < 50; ++i) CHECK_FALSE(resolve(resolver, nth("a", i))->addresses.empty());
}

TEST_CASE("resolver: a name's time begins when it is asked, not while it waits its turn") {
  DnsServer server(found);
  server.hold();
  ManualClock clock;
  Resolver resolver(config_for(server, {.timeout = 10s, .most_asked = 1}), clock);
  auto first = ask(resolver, "first.test");
  server.wait_until_asked("first.test");
  auto queued = ask(resolver, "queued.test");
  clock.advance(10s);
  ask(resolver, "nudge.test");  // so that it looks at the clock
  const Answer given_up = first.get();
  CHECK(given_up->addresses.empty());
  CHECK(given_up->retryable);
  CHECK(given_up->error == "no answer from the name servers for 10s");
  CHECK(server.names() == 1);
  server.release();  // and so the others have their turn, blamed for nothing
  const Answer answer = queued.get();
  CHECK_FALSE(answer->addresses.empty());
  CHECK(answer->took == 0s);
}

TEST_CASE("resolver: an answer that comes too late for those who asked is kept") {
  DnsServer server(found);
  server.hold();
  ManualClock clock;
  Resolver resolver(config_for(server, {.timeout = 10s}), clock);
  auto first = ask(resolver, "late.test");
  server.wait_until_asked("late.test");
  clock.advance(10s);
  auto nudge = ask(resolver, "nudge.test");
  CHECK(first.get()->retryable);
  server.wait_until_asked("nudge.test");
  server.release();
  nudge.get();  // which comes after it
  const int asked = server.asked("late.test");
  CHECK_FALSE(resolve(resolver, "late.test")->addresses.empty());
  CHECK(server.asked("late.test") == asked);
}

TEST_CASE("resolver: who asks for a name given up on waits for it anew") {
  DnsServer server(found);
  server.hold();
  ManualClock clock;
  Resolver resolver(config_for(server, {.timeout = 10s}), clock);
  auto first = ask(resolver, "late.test");
  server.wait_until_asked("late.test");
  clock.advance(10s);
  auto nudge = ask(resolver, "nudge.test");
  CHECK(first.get()->retryable);
  auto second = ask(resolver, "late.test");
  clock.advance(9s);
  ask(resolver, "nudge2.test");
  server.wait_until_asked("nudge2.test");
  server.release();
  CHECK_FALSE(second.get()->addresses.empty());
}

TEST_CASE("resolver: nor does who asks for a name given up on wait for ever") {
  DnsServer server(found);
  server.hold();
  ManualClock clock;
  Resolver resolver(config_for(server, {.timeout = 10s}), clock);
  auto first = ask(resolver, "late.test");
  server.wait_until_asked("late.test");
  clock.advance(10s);
  ask(resolver, "nudge.test");
  CHECK(first.get()->retryable);
  auto second = ask(resolver, "late.test");
  ask(resolver, "seen.test");
  server.wait_until_asked("seen.test");  // and so is the second question
  clock.advance(10s);
  ask(resolver, "nudge2.test");
  CHECK(second.get()->retryable);
}

TEST_CASE("resolver: an answer holds for its time to live, within bounds") {
  struct Row {
    std::uint32_t ttl;
    Clock::duration kept;
  };
  for (const Row& row : {Row{60, 60s}, Row{0, 5s}, Row{1'000'000, 1h}}) {
    CAPTURE(row.ttl);
    DnsServer server([&row](const std::string&) -> DnsAnswer {
      return {.addresses = {"127.0.0.1"}, .ttl = row.ttl};
    });
    ManualClock clock;
    Resolver resolver(config_for(server), clock);
    resolve(resolver, "a.test");
    const int before = server.asked("a.test");
    clock.advance(row.kept - 1ns);
    CHECK_FALSE(resolve(resolver, "a.test")->addresses.empty());
    CHECK(server.asked("a.test") == before);
    clock.advance(1ns);
    resolve(resolver, "a.test");
    CHECK(server.asked("a.test") > before);
  }
}

TEST_CASE("resolver: failures say what happened, and whether to try again") {
  struct Row {
    DnsAnswer answer;
    std::string error;
    bool retryable;
    Clock::duration kept;
  };
  for (const Row& row :
       {Row{{.kind = Kind::no_name}, "no such name", false, 30s},
        Row{{.addresses = {}}, "the name has no address", false, 30s},
        Row{{.kind = Kind::server_failure}, "the name servers failed to answer", true, 5s},
        Row{{.kind = Kind::refused}, "the name servers failed to answer", true, 5s}}) {
    CAPTURE(row.error);
    DnsServer server([&row](const std::string&) { return row.answer; });
    ManualClock clock;
    Resolver resolver(config_for(server), clock);
    const Answer answer = resolve(resolver, "a.test");
    CHECK(answer->addresses.empty());
    CHECK(answer->error == row.error);
    CHECK(answer->retryable == row.retryable);
    const int asked = server.asked("a.test");
    clock.advance(row.kept - 1ns);
    resolve(resolver, "a.test");
    CHECK(server.asked("a.test") == asked);
    clock.advance(1ns);
    resolve(resolver, "a.test");
    CHECK(server.asked("a.test") > asked);
  }
}

TEST_CASE("resolver: one question answers all who ask meanwhile") {
  DnsServer server(found);
  server.hold();
  const ManualClock clock;
  Resolver resolver(config_for(server), clock);
  std::vector<std::future<Answer>> answers;
  for (int i = 0; i < 50; ++i) answers.push_back(ask(resolver, "a.test"));
  answers.push_back(ask(resolver, "b.test"));
  server.wait_for_names(2);
  server.release();
  for (auto& answer : answers) answer.get();
  CHECK(server.asked("a.test") == 1);
}

TEST_CASE("resolver: a truncated answer is asked for again by TCP") {
  DnsServer server([](const std::string&) -> DnsAnswer {
    return {.addresses = {"127.0.0.2"}, .truncated = true};
  });
  const ManualClock clock;
  Resolver resolver(config_for(server), clock);
  CHECK(resolve(resolver, "a.test")->addresses == Addresses{*parse_ip("127.0.0.2")});
}

TEST_CASE("resolver: a server that is silent about IPv6 costs no name its IPv4 address") {
  DnsServer server([](const std::string&) -> DnsAnswer {
    return {.addresses = {"127.0.0.1"}, .silent_v6 = true};
  });
  ManualClock clock;
  Resolver resolver(config_for(server), clock);
  auto answer = ask(resolver, "a.test");
  server.wait_until_asked("a.test");
  clock.advance(1s);
  ask(resolver, "nudge.test");
  CHECK_FALSE(answer.get()->addresses.empty());
}

TEST_CASE("resolver: a name keeps so many addresses and no more") {
  DnsServer server([](const std::string&) {
    DnsAnswer answer{.truncated = true};
    for (int i = 1; i < 200; ++i) answer.addresses.push_back(fmt::format("127.0.1.{}", i));
    return answer;
  });
  const ManualClock clock;
  Resolver resolver(config_for(server), clock);
  CHECK(resolve(resolver, "a.test")->addresses.size() == 32);
}

TEST_CASE("resolver: a callback may ask further, and nothing of it is lost") {
  DnsServer server(found);
  const ManualClock clock;
  std::atomic<int> answered = 0;
  std::promise<void> last;
  std::function<void(int)> next;
  Resolver resolver(config_for(server), clock);
  next = [&](int i) {
    resolver.resolve(nth("a", i), [&, i](const Answer&) {
      ++answered;
      if (i == 20) return last.set_value();
      next(i + 1);
    });
  };
  next(1);
  last.get_future().wait();
  CHECK(answered == 20);
}

TEST_CASE("resolver: destroying it answers every question, once") {
  DnsServer server(found);
  server.hold();
  const ManualClock clock;
  std::atomic<int> answered = 0;
  std::atomic<int> asked_again = 0;
  {
    Resolver resolver(config_for(server, {.most_young = 50}), clock);
    for (int i = 0; i < 100; ++i) {
      resolver.resolve(nth("a", i), [&](const Answer& answer) {
        ++answered;
        CHECK(answer->error == "the program is stopping");
        CHECK(answer->retryable);
        resolver.resolve("more.test", [&](const Answer& more) {
          ++asked_again;
          CHECK(more->retryable);
        });
      });
    }
    server.wait_for_names(50);
  }
  CHECK(answered == 100);
  CHECK(asked_again == 100);
}

TEST_CASE("resolver: names of the hosts file are the system's, and no name server's") {
  DnsServer server([](const std::string&) -> DnsAnswer { return {.kind = Kind::no_name}; });
  const test::TempDir here;
  test::write_file(here / "hosts", "# a comment\n192.0.2.9\tPrinter.test other.test # more\n");
  const ManualClock clock;
  ResolverConfig config = config_for(server, {.system = [](const std::string&) -> Resolution {
                                       return {.addresses = {*parse_ip("192.0.2.9")}};
                                     }});
  config.hosts_file = here / "hosts";
  Resolver resolver(config, clock);
  for (const char* name : {"printer.test", "other.test", "localhost", "a.localhost"}) {
    CAPTURE(name);
    CHECK(resolve(resolver, name)->addresses == Addresses{*parse_ip("192.0.2.9")});
  }
  CHECK(server.names() == 0);
  CHECK(resolve(resolver, "more.test")->error == "no such name");
}

TEST_CASE("resolver: the search domains of resolv.conf are tried for a short name") {
  DnsServer server([](const std::string& name) -> DnsAnswer {
    if (name == "www.example.test") return {.addresses = {"127.0.0.4"}};
    return {.kind = Kind::no_name};
  });
  const test::TempDir here;
  test::write_file(here / "resolv.conf", "search other.test example.test\n");
  const ManualClock clock;
  ResolverConfig config = config_for(server);
  config.resolv_conf = here / "resolv.conf";
  Resolver resolver(config, clock);
  CHECK(resolve(resolver, "www")->addresses == Addresses{*parse_ip("127.0.0.4")});
  CHECK(server.asked("www.other.test") > 0);
}

TEST_CASE("resolver: a resolv.conf that has changed is read again") {
  DnsServer server([](const std::string& name) -> DnsAnswer {
    if (name.ends_with(".test")) return {.addresses = {"127.0.0.4"}};
    return {.kind = Kind::no_name};
  });
  const test::TempDir here;
  test::write_file(here / "resolv.conf", "search office.test\n");
  ManualClock clock;
  ResolverConfig config = config_for(server);
  config.resolv_conf = here / "resolv.conf";
  Resolver resolver(config, clock);
  resolve(resolver, "www");
  CHECK(server.asked("www.office.test") > 0);

  server.hold();
  auto under_way = ask(resolver, "mail");
  server.wait_until_asked("mail.office.test");
  test::write_file(here / "resolv.conf", "search elsewhere.test\n");
  clock.advance(1s);
  ask(resolver, "nudge.test");
  server.wait_until_asked("mail.elsewhere.test");
  server.release();
  CHECK_FALSE(under_way.get()->addresses.empty());
  resolve(resolver, "ftp");
  CHECK(server.asked("ftp.elsewhere.test") > 0);
}

TEST_CASE("resolver: lists of name servers are read, or the mistake is named") {
  const auto servers = [](std::string_view list) {
    const auto parsed = parse_dns_servers(list);
    return parsed ? *parsed : parsed.error().message;
  };
  CHECK(servers("192.0.2.1") == "192.0.2.1:53");
  CHECK(servers("192.0.2.1:5353, [2001:db8::1]:54,2001:db8::2,[2001:db8::3]") ==
        "192.0.2.1:5353,[2001:db8::1]:54,[2001:db8::2]:53,[2001:db8::3]:53");
  for (const char* wrong : {"", ",", "192.0.2.1,", "dns.example", "192.0.2.1.5", "[192.0.2.1]:53",
                            "[2001:db8::1", "[2001:db8::1]53", "1.2.3"}) {
    CAPTURE(wrong);
    CHECK(servers(wrong).find("is not the address of a name server") != std::string::npos);
  }
  for (const char* wrong :
       {"192.0.2.1:", "192.0.2.1:0", "192.0.2.1:65536", "192.0.2.1:x", "[2001:db8::1]:"}) {
    CAPTURE(wrong);
    CHECK(servers(wrong).find("is not a port of a name server") != std::string::npos);
  }
}

}  // namespace weft
