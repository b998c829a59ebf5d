// The harness that the other tests of this room stand on.
#include "support/process.hpp"

#include <doctest/doctest.h>

#include <system_error>

#include "support/nginx.hpp"

namespace weft::test {
namespace {

TEST_CASE("a program gets its input and gives its output, errors and exit code apart") {
  const Ended ended = run({.words = {"sh", "-c", "cat; echo oops >&2; exit 7"}, .input = "a\nb\n"});
  CHECK(ended.out == "a\nb\n");
  CHECK(ended.err == "oops\n");
  CHECK(ended.exit_code == 7);
  CHECK(ended.signal == 0);
}

TEST_CASE("a program may write more on both streams than a pipe holds") {
  const Ended ended = run({.words = {"sh", "-c",
                                     "head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2;"
                                     "head -c 1000000 /dev/zero"}});
  CHECK(ended.out.size() == 2'000'000);
  CHECK(ended.err.size() == 1'000'000);
}

TEST_CASE("a program runs where it is told to, with the environment added to ours") {
  const TempDir directory;
  const Ended ended = run({.words = {"sh", "-c", "pwd; echo $WEFT_TEST_WORD; echo [$http_proxy]"},
                           .directory = directory.path(),
                           .environment = {{"WEFT_TEST_WORD", "a word"}}});
  CHECK(ended.out == directory.path() + "\na word\n[]\n");
}

TEST_CASE("a signal reaches a program that runs, and what it says can be waited for") {
  Process process({.words = {"sh", "-c",
                             "trap 'echo got it >&2; exit 3' INT; echo ready >&2;"
                             "while :; do sleep 0.01; done"}});
  REQUIRE(process.wait_for_error_text("ready"));
  process.send(SIGINT);
  CHECK(process.wait_for_error_text("got it"));
  CHECK_FALSE(process.wait_for_error_text("never said"));
  CHECK(process.wait().exit_code == 3);

  Process other({.words = {"sleep", "1000"}});
  other.send(SIGTERM);
  CHECK(other.wait().signal == SIGTERM);
}

TEST_CASE("a program may find that nobody reads its standard output") {
  const Ended ended =
      run({.words = {"sh", "-c", "echo x; echo $? >&2"}, .output = StandardOutput::nobody_reads});
  CHECK(ended.signal == SIGPIPE);
}

TEST_CASE("a program that is not there is an error") {
  CHECK_THROWS_AS(run({.words = {"/no/such/program"}}), std::system_error);
}

TEST_CASE("nginx serves the test's sites and tells what it served") {
  const auto nginx = Nginx::start(
      {{.files = {{"/a b.html", "hello"}}}, {.address = "127.0.0.2", .config = "return 410;"}});
  if (nginx == nullptr) return;
  // The shell's only way to speak TCP without a further program is bash's.
  const std::string ask =
      R"(exec 3<>/dev/tcp/$0/$1; printf 'GET %s HTTP/1.0\r\n\r\n' "$2" >&3; cat <&3)";
  const std::string port = std::to_string(nginx->port());
  const auto get = [&](const std::string& address, const std::string& target) {
    return run({.words = {"bash", "-c", ask, address, port, target}}).out;
  };
  CHECK(get("127.0.0.1", "/a%20b.html").ends_with("\r\n\r\nhello"));
  CHECK(get("127.0.0.2", "/").starts_with("HTTP/1.1 410"));

  const std::vector<Served> served = nginx->stop();
  REQUIRE(served.size() == 2);
  CHECK(served[0].target == "/a%20b.html");
  CHECK(served[0].status == 200);
  CHECK(served[0].address == "127.0.0.1");
  CHECK(served[1].address == "127.0.0.2");
  CHECK(served[1].status == 410);
  CHECK(served[1].connection != served[0].connection);
  CHECK(served[0].started <= served[0].ended);
  CHECK(served[0].ended <= served[1].ended);
}

}  // namespace
}  // namespace weft::test
