// Names that only a name server of the test's own knows, by the real program.
#include <doctest/doctest.h>
#include <fmt/core.h>

#include "e2e/weft_run.hpp"
#include "support/dns_server.hpp"
#include "support/test_server.hpp"

namespace weft::test {
namespace {

using Kind = DnsAnswer::Kind;

DnsAnswer answer_for(const std::string& name) {
  if (name.starts_with("gone")) return {.kind = Kind::no_name};
  if (name.starts_with("failing")) return {.kind = Kind::server_failure};
  if (name.starts_with("silent")) return {.kind = Kind::silence};
  return {.addresses = {"127.0.0.1"}};
}

TEST_CASE("a crawl asks the name servers it was given, and dead names cost no other page") {
  DnsServer names(answer_for);
  TestServer web([](Connection& connection, const RequestHead& head) {
    const bool is_page = head.target == "/";
    (is_page ? ok("<p>a page") : status(404))(connection, head);
  });
  const Workplace here;
  const auto url = [&](const std::string& host) {
    return fmt::format("http://{}:{}/", host, web.port());
  };
  std::string seeds;
  for (int i = 0; i < 20; ++i) {
    for (const char* kind : {"a", "gone", "failing", "silent"}) {
      seeds += url(fmt::format("{}{}.test", kind, i)) + "\n";
    }
  }
  here.write("seeds", seeds);
  const Ended ended = here.run({"crawl", "-i", "seeds", "--dns-servers", names.address(),
                                "--connect-timeout", "1s", "-t", "2", "-o", "job"});
  CHECK(ended.exit_code == 1);
  const Records records = here.records();
  for (int i = 0; i < 20; ++i) {
    CAPTURE(i);
    CHECK(records.outcome_of(url(fmt::format("a{}.test", i))) == "ok");
    for (const char* kind : {"gone", "failing", "silent"}) {
      const nlohmann::json& record = records.of(url(fmt::format("{}{}.test", kind, i)));
      CHECK(record.at("outcome") == "dns_error");
      // What is blamed was asked for.
      CHECK(names.asked(fmt::format("{}{}.test", kind, i)) > 0);
    }
  }
}

TEST_CASE("weft get and weft robots ask the name servers they were given") {
  DnsServer names(answer_for);
  TestServer web({{"/robots.txt", status(200, "User-agent: *\nDisallow: /private/\n")},
                  {"/file", ok("contents")}});
  const Workplace here;
  const std::string origin = fmt::format("http://only.test:{}", web.port());
  CHECK(
      here.run({"get", origin + "/file", "-o", "to", "--dns-servers", names.address()}).exit_code ==
      0);
  CHECK(here.read("to/file") == "contents");
  const Ended robots =
      here.run({"robots", origin + "/private/x", "--dns-servers", names.address()});
  CHECK(robots.out.starts_with("disallowed"));
  CHECK(names.asked("only.test") > 0);
}

TEST_CASE("a list of name servers that is not one is wrong use") {
  const Workplace here;
  for (const std::string command : {"crawl", "get", "robots"}) {
    const Ended ended = here.run({command, "http://a.test/", "--dns-servers", "dns.example"});
    CAPTURE(ended.err);
    CHECK(ended.exit_code == 2);
    CHECK(ended.err.find("--dns-servers") != std::string::npos);
    CHECK(ended.err.find("'dns.example' is not the address of a name server") != std::string::npos);
  }
  CHECK(here.files().empty());
}

}  // namespace
}  // namespace weft::test
