// Downloads by the real program that are led elsewhere: who is told what.
#include <doctest/doctest.h>

#include "e2e/downloads.hpp"

namespace weft::test {
namespace {

std::string with_user(std::string url) { return url.insert(url.find("//") + 2, "me:secret@"); }

// "me:secret"
constexpr const char* kAuthorization = "Basic bWU6c2VjcmV0";

TEST_CASE("what is for a host alone is not told to whom it redirects") {
  TestServer other({{"/b", ok("body")}}, "127.0.0.2");
  TestServer server({{"/a", redirect(other.url("/b"))}});
  struct Row {
    std::string how;
    const char* header;  // in lower case
    Words options;
    std::string line;
  };
  for (const Row& row : {
           Row{"the URL's user and password", "authorization", {}, with_user(server.url("/a"))},
           Row{"netrc's", "authorization", {"--netrc"}, server.url("/a")},
           Row{"-H", "authorization", {"-H", "Authorization: Bearer x"}, server.url("/a")},
           Row{"-H Cookie", "cookie", {"-H", "Cookie: a=b"}, server.url("/a")},
           Row{"cookies of a file", "cookie", {"--load-cookies", "cookies"}, server.url("/a")},
           Row{"a line's header",
               "authorization",
               {},
               server.url("/a") + "\theader=Authorization: Bearer x"},
           Row{"any header of a line", "x-key", {}, server.url("/a") + "\theader=X-Key: x"},
           Row{"a line's referer", "referer", {}, server.url("/a") + "\treferer=http://r/"},
       }) {
    CAPTURE(row.how);
    const Workplace here;
    here.write(".netrc", "machine 127.0.0.1 login me password secret\n");
    here.write("cookies", "127.0.0.1\tFALSE\t/\tFALSE\t0\ta\tb\n");
    here.write("list", row.line + "\n");
    const std::size_t before = server.requests().size();
    Words words{"get", "-o", "out", "--allow-private", "-i", "list"};
    words.insert(words.end(), row.options.begin(), row.options.end());
    const Ended ended = here.run(words);
    CHECK_MESSAGE(ended.exit_code == 0, ended.err);
    CHECK(here.read("out/a") == "body");
    REQUIRE(server.requests().size() == before + 1);
    CHECK(server.requests().back().head.get(row.header));
    CHECK_FALSE(other.requests().back().head.get(row.header));
    // Nor to whoever reads what is left behind.
    for (const char* file : {"out/.weft/pages.jsonl", "out/.weft/weft.log"}) {
      CHECK(here.read(file).find("secret") == std::string::npos);
    }
  }
}

TEST_CASE("another port of a host is another server") {
  TestServer other({{"/b", ok("body")}});
  TestServer server({{"/a", redirect(other.url("/b"))}});
  const Workplace here;
  const Ended ended = here.run({"get", "-o", "out", with_user(server.url("/a"))});
  CHECK_MESSAGE(ended.exit_code == 0, ended.err);
  CHECK(server.requests().front().head.get("authorization") == kAuthorization);
  CHECK_FALSE(other.requests().front().head.get("authorization"));
}

TEST_CASE("the password of a URL goes wherever its own server leads on itself") {
  const std::string body = "body";
  TestServer server([&](Connection& to, const RequestHead& head) {
    if (head.target == "/relative") return redirect("/b")(to, head);
    if (head.target == "/absolute") {
      return redirect("http://" + head.get("host").value_or("") + "/b")(to, head);
    }
    ok(body)(to, head);
  });
  for (const char* target : {"/relative", "/absolute"}) {
    CAPTURE(target);
    const Workplace here;
    const Ended ended = here.run({"get", "-o", "out", with_user(server.url(target))});
    CHECK_MESSAGE(ended.exit_code == 0, ended.err);
    CHECK(server.requests().back().head.target == "/b");
    CHECK(server.requests().back().head.get("authorization").value_or("") == kAuthorization);
  }
}

TEST_CASE("redirects without an end, or to nowhere, are failures that say so") {
  struct Row {
    std::string how;
    const char* location;
    const char* says;
  };
  for (const Row& row : {
           Row{"to itself", "/a", "more than 10 redirects"},
           Row{"ever further", "/a/x", "more than 10 redirects"},
           Row{"to a file of ours", "file:///etc/passwd", "redirects to 'file:///etc/passwd'"},
           Row{"to what is no URL", "http://[", "redirects to 'http://['"},
           Row{"to another protocol", "gopher://127.0.0.1/", "redirects to 'gopher://127.0.0.1/'"},
           Row{"to nobody", "", ""},
       }) {
    CAPTURE(row.how);
    TestServer server([&row](Connection& to, const RequestHead& head) {
      const bool further = std::string(row.location) == "/a/x";
      redirect(further ? head.target + "/x" : row.location)(to, head);
    });
    const Workplace here;
    const Ended ended = here.run({"get", "-o", "out", server.url("/a")});
    CHECK_MESSAGE(ended.exit_code == 1, ended.err);
    CHECK(visible(here).empty());
    const Records records = here.records("out/.weft");
    REQUIRE(records.all().size() == 1);
    const std::string message = records.all().front().at("error").at("message");
    CHECK_MESSAGE(message.find(row.says) != std::string::npos, message);
    CHECK(server.requests().size() <= 11);
  }
}

TEST_CASE("a page of a public host does not lead to this machine") {
  TestServer inner({{"/b", ok("inner")}}, "127.0.0.2");
  TestServer server({{"/a", redirect(inner.url("/b"))}});
  const Workplace here;
  const Ended ended = here.run({"get", "-o", "out", server.url("/a")});
  CHECK(ended.exit_code == 1);
  CHECK(inner.requests().empty());
  CHECK(here.records("out/.weft").outcome_of(server.url("/a")) == "refused_address");
}

}  // namespace
}  // namespace weft::test
