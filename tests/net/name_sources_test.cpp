// Who is asked for a name: the name servers, the system, or the one after the other.
#include "net/name_sources.hpp"

#include <doctest/doctest.h>

#include <future>

#include "support/dns_server.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_dir.hpp"
#include "weft/net/resolver.hpp"

namespace weft {
namespace {

using test::DnsAnswer;
using test::DnsServer;
using test::ManualClock;
using test::TempDir;
using test::write_file;

// As files with these contents have it.
Source source_of(std::string_view host, std::string_view nsswitch, std::string_view hosts = "") {
  const TempDir here;
  write_file(here / "nsswitch.conf", nsswitch);
  write_file(here / "hosts", hosts);
  return NameSources({.hosts_file = here / "hosts", .nsswitch_conf = here / "nsswitch.conf"})
      .source_of(host);
}

TEST_CASE("names are the name servers' where nsswitch.conf has nothing but files and dns") {
  for (const char* plain : {"hosts: files dns\n", "passwd: files\nhosts:\tfiles dns # mdns\n",
                            "# hosts: mdns\n", "hosts: files [SUCCESS=return] dns\n"}) {
    CAPTURE(plain);
    for (const char* host : {"example.org", "printer", "printer.local"}) {
      CHECK(source_of(host, plain) == Source::dns);
    }
  }
}

TEST_CASE("other modules of nsswitch.conf are asked, for local names first, for others last") {
  for (const char* more :
       {"hosts: files mdns4_minimal [NOTFOUND=return] dns\n", "hosts: files dns myhostname\n",
        "hosts: mymachines resolve [!UNAVAIL=return] files dns\n", "hosts: files resolve\n"}) {
    CAPTURE(more);
    CHECK(source_of("example.org", more) == Source::dns_then_system);
    for (const char* host : {"printer", "printer.", "printer.local", "printer.local."}) {
      CHECK(source_of(host, more) == Source::system);
    }
  }
}

TEST_CASE("without dns in nsswitch.conf no name server is asked") {
  CHECK(source_of("example.org", "hosts: files\n") == Source::system);
  CHECK(source_of("example.org", "hosts: files mdns4\n") == Source::system);
}

TEST_CASE("localhost and what the hosts file names are the system's") {
  const std::string_view hosts = "127.0.0.1 a.test B.test\n#192.0.2.1 c.test\n::1 d.test # e.test";
  for (const char* host :
       {"localhost", "www.localhost", "localhost.", "a.test", "b.test", "d.test"}) {
    CAPTURE(host);
    CHECK(source_of(host, "", hosts) == Source::system);
  }
  for (const char* host : {"c.test", "e.test", "127.0.0.1.test", "notlocalhost"}) {
    CAPTURE(host);
    CHECK(source_of(host, "", hosts) == Source::dns);
  }
}

TEST_CASE("a name the name servers do not know may still be the system's") {
  DnsServer server([](const std::string& name) -> DnsAnswer {
    if (name == "failing.test") return {.kind = DnsAnswer::Kind::server_failure};
    return {.kind = DnsAnswer::Kind::no_name};
  });
  const TempDir here;
  write_file(here / "nsswitch.conf", "hosts: files dns mymachines\n");
  const ManualClock clock;
  Resolver resolver({.dns_servers = server.address(),
                     .hosts_file = "/dev/null",
                     .nsswitch_conf = here / "nsswitch.conf",
                     .resolv_conf = "/dev/null",
                     .system = [](const std::string& host) -> Resolution {
                       if (host == "machine.test") return {.addresses = {*parse_ip("127.0.0.9")}};
                       return {.error = "nor does the system know it"};
                     }},
                    clock);
  const auto resolve = [&](std::string_view host) {
    std::promise<Resolution> promise;
    resolver.resolve(host, [&](const auto& answer) { promise.set_value(*answer); });
    return promise.get_future().get();
  };
  CHECK(resolve("machine.test").addresses == Addresses{*parse_ip("127.0.0.9")});
  CHECK(server.asked("machine.test") > 0);
  CHECK(resolve("nowhere.test").error == "nor does the system know it");
  CHECK(resolve("failing.test").error == "the name servers failed to answer");
  CHECK(resolve("machine").error == "nor does the system know it");
  CHECK(server.asked("machine") == 0);
}

}  // namespace
}  // namespace weft
