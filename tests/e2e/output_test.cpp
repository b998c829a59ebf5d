// Where a crawl writes, and what happens where it cannot.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <set>

#include "e2e/weft_run.hpp"
#include "support/test_server.hpp"

namespace weft::test {
namespace {

using namespace std::chrono_literals;

using Words = std::vector<std::string>;

// A page that leads to `pages` others.
Behaviour site_of(int pages) {
  std::string index;
  for (int i = 0; i < pages; ++i) index += "<a href=\"/" + std::to_string(i) + "\">no. x</a>\n";
  return [index](Connection& connection, const RequestHead& head) {
    if (head.target == "/robots.txt") return status(404)(connection, head);
    ok(head.target == "/" ? index : "a page")(connection, head);
  };
}

TEST_CASE("a job directory is named after the first seed's host: records, database, log") {
  TestServer server(site_of(2));
  const Workplace here;
  CHECK(here.run({"crawl", server.url("/")}).exit_code == 0);
  CHECK(here.files() == Words{"127.0.0.1.weft", "127.0.0.1.weft/job.db",
                              "127.0.0.1.weft/pages.jsonl", "127.0.0.1.weft/weft.log"});
  CHECK(here.records("127.0.0.1.weft").pages("ok").size() == 3);
}

TEST_CASE("--no-job leaves nothing behind, and --jsonl - only records on standard output") {
  TestServer server(site_of(3));
  const Workplace here;
  const Ended ended = here.run({"crawl", server.url("/"), "--no-job", "--jsonl", "-"});
  CHECK(ended.exit_code == 0);
  CHECK(Records(ended.out).pages("ok").size() == 4);
  CHECK(ended.err.find("4 pages") != std::string::npos);
  CHECK(here.files().empty());
}

TEST_CASE("--quiet prints nothing where all goes well") {
  TestServer server(site_of(1));
  const Workplace here;
  const Ended ended = here.run({"crawl", server.url("/"), "-q", "-o", "job"});
  CHECK(ended.exit_code == 0);
  CHECK(ended.out == "");
  CHECK(ended.err == "");
}

TEST_CASE("a reader of standard output that has enough ends the run quietly") {
  TestServer server(site_of(500));
  const Workplace here;
  Command command = here.command({"crawl", server.url("/"), "--no-job", "--jsonl", "-"});
  command.output = StandardOutput::nobody_reads;
  const Ended ended = run(std::move(command));
  CHECK(ended.exit_code == 0);
  CHECK(ended.signal == 0);
  CHECK(ended.err == "");
  CHECK(server.requests().size() < 501);
}

TEST_CASE("records that cannot be written end the run with exit code 3 and the reason") {
  TestServer server(site_of(500));
  const Workplace here;
  const Ended full = here.run({"crawl", server.url("/"), "--no-job", "--jsonl", "/dev/full"});
  CHECK(full.exit_code == 3);
  CHECK(full.err.find("/dev/full") != std::string::npos);
  CHECK(full.err.find("No space left on device") != std::string::npos);
  CHECK(server.requests().size() < 501);

  const Ended missing = here.run({"crawl", server.url("/"), "--no-job", "--jsonl", "no/dir/x"});
  CHECK(missing.exit_code == 3);
  CHECK(missing.err.find("no/dir/x") != std::string::npos);
  CHECK(here.files().empty());
}

TEST_CASE("--links writes every link with its page, its kind and its text") {
  TestServer server({{"/", ok("<a href=/a#x>An <b>anchor</b></a><img src=i.png>")}});
  const Workplace here;
  here.run({"crawl", server.url("/"), "-o", "job", "-d", "0", "--links", "links.jsonl"});
  const Records links(here.read("links.jsonl"));
  REQUIRE(links.all().size() == 2);
  CHECK(links.all()[0] == nlohmann::json{{"from", server.url("/")},
                                         {"to", server.url("/a")},
                                         {"kind", "a"},
                                         {"text", "An anchor"}});
  CHECK(links.all()[1]["to"] == server.url("/i.png"));
  CHECK(links.all()[1]["kind"] == "img");
}

TEST_CASE("--order input gives records in the order of the list, however slow the first is") {
  TestServer server([](Connection& connection, const RequestHead& head) {
    if (head.target == "/robots.txt") return status(404)(connection, head);
    const auto delay = head.target == "/0" ? 300ms : 0ms;
    slow(delay, ok("a page"))(connection, head);
  });
  const Workplace here;
  std::string list;
  for (int i = 0; i < 30; ++i) list += server.url("/" + std::to_string(i)) + "\n";
  const Ended ended =
      here.run({"crawl", "-i", "-", "-o", "job", "--jsonl", "-", "--order", "input"}, list);
  CHECK(ended.exit_code == 0);
  std::string given;
  for (const std::string& url : Records(ended.out).pages("ok")) given += url + "\n";
  CHECK(given == list);
  CHECK(here.records().pages("ok").back() == server.url("/0"));  // the job's own: as it happened
}

TEST_CASE("--fail-fast begins nothing after the first failure") {
  TestServer server([](Connection& connection, const RequestHead& head) {
    if (head.target == "/bad") return status(404)(connection, head);
    ok("<a href=" + head.target + "x>endless</a>")(connection, head);
  });
  const Workplace here;
  const Ended ended = here.run({"crawl", server.url("/bad"), server.url("/"), "-o", "job",
                                "--no-robots", "-x", "1", "--fail-fast"});
  CHECK(ended.exit_code == 1);
  CHECK(server.requests().size() == 1);
  CHECK(here.records().all().size() == 1);
}

TEST_CASE("options may come from a file, and those on the command line win") {
  TestServer server(site_of(20));
  const Workplace here;
  here.write("weft.toml", "max-pages = 3\nuser-agent = \"from the file\"\nquiet = true\n");
  const Ended ended = here.run({"crawl", server.url("/"), "-o", "job", "--config", "weft.toml",
                                "--user-agent", "from the line"});
  CHECK(ended.exit_code == 0);
  CHECK(ended.err == "");
  CHECK(here.records().pages("ok").size() == 3);
  CHECK(server.requests().back().head.get("user-agent") == "from the line");
}

TEST_CASE("--dry-run fetches robots.txt and sitemaps alone and prints the plan") {
  std::atomic<const TestServer*> itself = nullptr;  // its threads are there before its address
  TestServer server([&itself](Connection& connection, const RequestHead& head) {
    const auto text = [&](const std::string& body) {
      return ok(body, {"Content-Type: text/plain"})(connection, head);
    };
    if (head.target == "/robots.txt") {
      return text("User-agent: *\nDisallow: /no\nSitemap: " + itself.load()->url("/map.txt") +
                  "\n");
    }
    if (head.target == "/map.txt")
      return text(itself.load()->url("/no/a") + "\n" + itself.load()->url("/b"));
    ok("a page")(connection, head);
  });
  itself = &server;
  const Workplace here;
  const Ended ended = here.run({"crawl", server.url("/"), "--dry-run"});
  CHECK(ended.exit_code == 0);
  std::set<std::string> targets;
  for (const SeenRequest& request : server.requests()) targets.insert(request.head.target);
  CHECK(targets == std::set<std::string>{"/robots.txt", "/map.txt"});
  CHECK(ended.out.find("fetch " + server.url("/") + "\n") != std::string::npos);
  CHECK(ended.out.find("fetch " + server.url("/b") + "\n") != std::string::npos);
  CHECK(ended.out.find("refuse " + server.url("/no/a") + " robots\n") != std::string::npos);
  CHECK(here.files().empty());
}

TEST_CASE("a crawl sends what it is told to: headers, its name, a cookie") {
  TestServer server(site_of(0));
  const Workplace here;
  here.write("cookies.txt", "127.0.0.1\tFALSE\t/\tFALSE\t0\tword\tsecret\n");
  here.run({"crawl", server.url("/"), "-o", "job", "-H", "X-One: 1", "-H", "X-Two: 2", "-U",
            "a test", "--load-cookies", "cookies.txt"});
  REQUIRE(server.requests().size() == 2);
  const RequestHead head = server.requests()[1].head;
  CHECK(head.get("x-one") == "1");
  CHECK(head.get("x-two") == "2");
  CHECK(head.get("user-agent") == "a test");
  CHECK(head.get("cookie") == "word=secret");
}

}  // namespace
}  // namespace weft::test
