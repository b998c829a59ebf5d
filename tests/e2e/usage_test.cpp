// What a user sees who writes something wrong, or asks how to write it.
#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "e2e/weft_run.hpp"
#include "support/test_server.hpp"

namespace weft::test {
namespace {

using Words = std::vector<std::string>;

struct WrongUse {
  Words words;
  const char* says;
};

// U stands for a URL that works.
const WrongUse kWrongUses[] = {
    {{}, "no command"},
    {{"crwal", "U"}, "did you mean 'crawl'?"},
    {{"frobnicate"}, "unknown command 'frobnicate'"},
    {{"U"}, "did you mean 'weft crawl http://"},
    {{"--threads", "2", "crawl", "U"}, "comes before any command"},
    {{"crawl"}, "no URL to start from"},
    {{"crawl", "127.0.0.1/a"}, "has no scheme: did you mean http://127.0.0.1/a?"},
    {{"crawl", "U", "ftp://127.0.0.1/"}, "neither http nor https"},
    {{"crawl", "http://127.0.0.1:99999/"}, "port"},
    {{"crawl", "U", "--thraeds", "2"}, "unknown option '--thraeds': did you mean --threads?"},
    {{"crawl", "U", "--include", "(a"}, "bad regular expression '(a'"},
    {{"crawl", "U", "--exclude", "[z-a]"}, "bad regular expression '[z-a]'"},
    {{"crawl", "U", "--wait", "5 parsecs"}, "--wait: '5 parsecs' is not a duration"},
    {{"crawl", "U", "--max-file-size", "3q"}, "--max-file-size: '3q' is not a size"},
    {{"crawl", "U", "--threads", "many"}, "--threads: 'many'"},
    {{"crawl", "U", "--order", "sideways"}, "write completion or input"},
    {{"crawl", "U", "--jobs"}, "--jobs needs a value"},
    {{"crawl", "U", "-H", "no colon"}, "no colon"},
    {{"crawl", "-i", "missing.txt"}, "cannot read the list 'missing.txt': No such file"},
    {{"crawl", "U", "-i", "."}, "cannot read the list '.': it is a directory"},
    {{"crawl", "U", "-i", "comments.txt", "--config", "missing.toml"}, "missing.toml"},
    {{"crawl", "U", "--config", "bad.toml"}, "bad.toml:2"},
    {{"crawl", "-i", "comments.txt"}, "holds none"},
    {{"crawl", "-i", "bad.txt"}, "bad.txt:1: 'example.org'"},
    {{"crawl", "U", "-o", "comments.txt"}, "a file has that name"},
    {{"crawl", "U", "-o", "old"}, "'old' holds a job already"},
    {{"crawl", "U", "--cacert", "missing.pem"}, "missing.pem"},
    {{"crawl", "U", "--load-cookies", "missing"}, "missing"},
    {{"crawl", "U", "--update", "old"}, "leave out 'http://"},
    {{"crawl", "--update", "missing"}, "there is no job: no file 'missing/job.db'"},
    {{"resume"}, "no job given"},
    {{"resume", "missing"}, "there is no job: no file 'missing/job.db'"},
    {{"resume", "old"}, "there is no job: no file 'old/job.db'"},
    {{"resume", "U"}, "there is no job"},
    {{"resume", "old", "--strip-query", "x"}, "--strip-query cannot be changed"},
    {{"robots"}, "no URL given"},
    {{"robots", "U", "U"}, "more than one URL"},
    {{"robots", "U", "--robots-file", "missing"}, "cannot read the robots file 'missing'"},
};

TEST_CASE("wrong use is told in one clear line, with exit code 2, before anything starts") {
  TestServer server({{"/", ok("fine")}});
  const Workplace here;
  here.write("comments.txt", "# no URL\n\n");
  here.write("bad.txt", "example.org\n");
  here.write("bad.toml", "threads = 2\nthraeds = 3\n");
  here.write("old/pages.jsonl", "");
  const std::vector<std::string> before = here.files();
  for (const WrongUse& wrong : kWrongUses) {
    Words words = wrong.words;
    std::ranges::replace(words, "U", server.url("/"));
    CAPTURE(words);
    const Ended ended = here.run(words);
    CHECK(ended.exit_code == 2);
    CHECK(ended.out == "");
    CHECK(ended.err.starts_with("weft: "));
    CHECK_MESSAGE(ended.err.find(wrong.says) != std::string::npos, ended.err);
  }
  CHECK(here.files() == before);
  CHECK(here.read("old/pages.jsonl") == "");
  CHECK(server.connections() == 0);
}

TEST_CASE("a line of a list that is no URL is named, and the rest is crawled") {
  TestServer server({{"/a", ok("a")}, {"/b", ok("b")}});
  const Workplace here;
  here.write("list.txt", "# pages\n" + server.url("/a") + "\n\nno url\r\n" + server.url("/b"));
  const Ended ended = here.run({"crawl", "-i", "list.txt", "-o", "job"});
  CHECK(ended.exit_code == 1);
  CHECK(ended.err.find("weft: list.txt:4: 'no url'") != std::string::npos);
  CHECK(here.records().pages("ok").size() == 2);
}

TEST_CASE("a list may come from standard input") {
  TestServer server({{"/a", ok("a")}});
  const Workplace here;
  CHECK(here.run({"crawl", "-i", "-", "-o", "job"}, server.url("/a") + "\n").exit_code == 0);
  CHECK(here.records().pages("ok") == std::vector<std::string>{server.url("/a")});

  const Ended ended = here.run({"crawl", "-i", "-", "-o", "other"}, "nonsense\n");
  CHECK(ended.exit_code == 2);
  CHECK(ended.err.find("standard input:1: 'nonsense'") != std::string::npos);
}

TEST_CASE("help fits 80 columns, shows defaults and ends with two examples") {
  const Workplace here;
  for (const Words& words :
       {Words{"--help"}, Words{"crawl", "--help"}, Words{"resume", "-h"}, Words{"robots", "-h"}}) {
    CAPTURE(words);
    const Ended ended = here.run(words);
    CHECK(ended.exit_code == 0);
    CHECK(ended.err == "");
    CHECK(ended.out.starts_with("usage: weft "));
    std::istringstream text(ended.out);
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);) {
      CHECK_MESSAGE(line.size() <= 80, line);
      lines.push_back(line);
    }
    REQUIRE(lines.size() > 3);
    CHECK(lines[lines.size() - 3] == "Examples");
    CHECK(lines[lines.size() - 2].starts_with("  weft "));
    CHECK(lines[lines.size() - 1].starts_with("  weft "));
  }
  const std::string help = here.run({"crawl", "--help"}).out;
  CHECK(help.find("(default: 4)") != std::string::npos);
  CHECK(here.run({"--version"}).out.starts_with("weft "));
  CHECK(here.files().empty());
}

TEST_CASE("weft robots says first whether a URL may be fetched, and by its exit code too") {
  TestServer server({{"/robots.txt", status(200, "User-agent: *\nDisallow: /private/\n")}});
  const Workplace here;
  const Ended allowed = here.run({"robots", server.url("/public/a")});
  CHECK(allowed.exit_code == 0);
  CHECK(allowed.out.starts_with("allowed"));

  const Ended refused = here.run({"robots", server.url("/private/a")});
  CHECK(refused.exit_code == 1);
  CHECK(refused.out.starts_with("disallowed"));
  CHECK(refused.out.find("Disallow: /private/") != std::string::npos);
  CHECK(refused.out.find("line:   2\n") != std::string::npos);
  CHECK(server.requests().size() == 2);

  here.write("robots.txt", "User-agent: mybot\nDisallow: /\n");
  const Words question{"robots", "http://example.org/", "--robots-file", "robots.txt"};
  CHECK(here.run(question).exit_code == 0);
  Words as_mybot = question;
  as_mybot.insert(as_mybot.end(), {"--agent", "mybot"});
  CHECK(here.run(as_mybot).exit_code == 1);
}

TEST_CASE("a run that can be limited only over HTTP/1.1 says so once") {
  TestServer server(ok("page"));
  const std::string said =
      "weft: --http2 has no effect with --limit-rate: a limited bandwidth needs HTTP/1.1\n";
  for (const char* command : {"crawl", "get"}) {
    CAPTURE(command);
    const Workplace here;
    const Words words{command, server.url("/"), "-o", "out", "-q", "--http2"};
    Words limited = words;
    limited.insert(limited.end(), {"--limit-rate", "1G"});
    CHECK(here.run(limited).err == said);
    CHECK(here.run({"resume", "out", "-q"}).err.starts_with(said));
    const Workplace there;
    CHECK(there.run(words).err == "");
  }
}

}  // namespace
}  // namespace weft::test
