// Downloads by the real program: what stands on the disk, what the records say, what a second
// run does.
#include <doctest/doctest.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <thread>

#include "e2e/disturbed.hpp"
#include "e2e/downloads.hpp"
#include "support/jobs.hpp"
#include "support/nginx.hpp"
#include "weft/store/digest.hpp"
#include "weft/store/job_db.hpp"

namespace weft::test {
namespace {

TEST_CASE("every file of a list is there under its name, whole, with a record of it") {
  std::map<std::string, std::string> files;
  std::string list = "# a list\n";
  for (int i = 0; i < 200; ++i) {
    files["/f" + std::to_string(i) + ".bin"] = many(static_cast<std::size_t>(i) * 997, i + 1u);
  }
  const auto nginx = Nginx::start({{.files = files}});
  if (nginx == nullptr) return;
  for (const auto& [target, body] : files) list += nginx->url(target) + "\n";
  const Workplace here;
  here.write("list", list);
  const Ended ended = here.run({"get", "-i", "list", "-o", "out"});
  CHECK_MESSAGE(ended.exit_code == 0, ended.err);
  CHECK(says(ended, "200 files"));
  for (const auto& [target, body] : files) CHECK(here.read("out" + target) == body);
  CHECK(visible(here).size() == files.size() + 1);  // and the list
  const Records records = here.records("out/.weft");
  CHECK(records.pages("ok").size() == files.size());
  const auto& record = records.of(nginx->url("/f7.bin"));
  CHECK(record.at("digest") == sha256_hex(files["/f7.bin"]));
  CHECK(record.at("file") == "f7.bin");
  CHECK(record.at("bytes") == 7 * 997);
}

TEST_CASE("a file whose checksum is wrong never appears, and failed.txt asks for it again") {
  TestServer server({{"/good", ok("good")}, {"/bad", ok("bad")}});
  const Workplace here;
  const std::string sum = sha256_hex("good");
  here.write("list", server.url("/good") + "\tchecksum=" + sum + "\n" + server.url("/bad") +
                         "\tchecksum=" + sum + "\n");
  const Ended ended = here.run({"get", "-i", "list", "-o", "out"});
  CHECK_MESSAGE(ended.exit_code == 1, ended.err);
  CHECK(here.read("out/good") == "good");
  CHECK(visible(here) == Words{"list", "out/good"});
  const Records records = here.records("out/.weft");
  CHECK(records.outcome_of(server.url("/bad")) == "checksum_mismatch");
  here.write("failed", here.read("out/.weft/failed.txt"));
  const Ended again = here.run({"get", "-i", "failed", "-o", "out"});
  CHECK(again.exit_code == 1);
  CHECK(here.records("out/.weft").pages("ok").size() == 1);  // only the bad one was asked for
  CHECK(here.records("out/.weft").pages("checksum_mismatch").size() == 2);
}

TEST_CASE("what is there already is skipped, replaced or kept beside, as --on-exist says") {
  TestServer server({{"/a.txt", ok("new")}});
  const auto run_with = [&server](const Workplace& here, const std::string& how) {
    std::filesystem::create_directories(here.path("out"));
    here.write("out/a.txt", "old");
    const Ended ended = here.run({"get", "-o", "out", "--on-exist", how, server.url("/a.txt")});
    CHECK_MESSAGE(ended.exit_code == 0, ended.err);
  };
  const Workplace skip;
  run_with(skip, "skip");
  CHECK(skip.read("out/a.txt") == "old");
  const Workplace overwrite;
  run_with(overwrite, "overwrite");
  CHECK(overwrite.read("out/a.txt") == "new");
  const Workplace rename;
  run_with(rename, "rename");
  CHECK(rename.read("out/a.txt") == "old");
  CHECK(rename.read("out/a.1.txt") == "new");
}

TEST_CASE("-O - pipes one file, and nothing else is left or said on standard output") {
  const std::string body = many(300'000);
  TestServer server({{"/data", ok(body)}});
  const Workplace here;
  const Ended ended = here.run({"get", "-q", "-O", "-", server.url("/data")});
  CHECK(ended.exit_code == 0);
  CHECK(ended.out == body);
  CHECK(here.files().empty());
}

TEST_CASE("redirects are followed, and the password of a URL goes to its own host alone") {
  TestServer other({{"/b", ok("body")}}, "127.0.0.2");
  TestServer server({{"/a", redirect(other.url("/b"))}});
  const Workplace here;
  std::string url = server.url("/a");
  url.insert(sizeof "http://" - 1, "me:secret@");
  const Ended ended = here.run({"get", "--allow-private", "-o", "out", url});
  CHECK_MESSAGE(ended.exit_code == 0, ended.err);
  CHECK(here.read("out/a") == "body");
  REQUIRE(server.requests().size() == 1);
  CHECK(server.requests().front().head.get("authorization"));
  REQUIRE(other.requests().size() == 1);
  CHECK_FALSE(other.requests().front().head.get("authorization"));
  const Records records = here.records("out/.weft");
  CHECK(records.of(server.url("/a")).at("location") == other.url("/b"));
}

TEST_CASE("a host that is busy for a while is left alone as it asks, and nothing is lost") {
  TestServer server({{"/a", busy(2, "0", ok("body"))}});
  const Workplace here;
  const Ended ended = here.run({"get", "-o", "out", server.url("/a")});
  CHECK_MESSAGE(ended.exit_code == 0, ended.err);
  CHECK(here.read("out/a") == "body");
}

TEST_CASE("a body that is cut short is no file") {
  TestServer server({{"/a", cut_body("half", 8)}});
  const Workplace here;
  const Ended ended = here.run({"get", "--tries", "1", "-o", "out", server.url("/a")});
  CHECK(ended.exit_code == 1);
  CHECK_FALSE(std::filesystem::exists(here.path("out/a")));
  CHECK(here.records("out/.weft").outcome_of(server.url("/a")) == "truncated");
}

TEST_CASE("a dry run says what goes where, and asks nobody") {
  TestServer server({{"/d/a.iso", ok("x")}});
  const Workplace here;
  const Ended ended = here.run({"get", "--dry-run", "-o", "out", server.url("/d/a.iso")});
  CHECK(ended.exit_code == 0);
  CHECK(ended.out == "fetch " + server.url("/d/a.iso") + "\ta.iso\n");
  CHECK(server.requests().empty());
}

TEST_CASE("a bad line is named with its place, and the others are had") {
  TestServer server({{"/a", ok("a")}});
  const Workplace here;
  here.write("list", "nonsense\n" + server.url("/a") + "\n");
  const Ended ended = here.run({"get", "-i", "list", "-o", "out"});
  CHECK(ended.exit_code == 1);
  CHECK(says(ended, "list:1: "));
  CHECK(here.read("out/a") == "a");
}

// A batch of three files that is done, and what a power cut makes of its directory.
struct CutPower {
  TestServer server{{{"/a", ok("body of a")}, {"/b", ok("body of b")}, {"/c", ok("body of c")}}};
  Workplace here{};

  CutPower() {
    here.write("list", server.url("/a") + "\n" + server.url("/b") + "\n" + server.url("/c") + "\n");
    CHECK(here.run({"get", "-j", "1", "-i", "list", "-o", "out"}).exit_code == 0);
    CHECK(server.requests().size() == 3);
  }
  // The groups on the disk for certain reach to the end of the n-th record.
  void forget_groups_after(std::size_t records, bool power_cut = true) const {
    const std::string lines = here.read("out/.weft/pages.jsonl");
    std::size_t end = 0;
    for (std::size_t i = 0; i < records; ++i) end = lines.find('\n', end) + 1;
    auto job = JobDb::open(here.path("out/.weft"));
    REQUIRE(job.has_value());
    REQUIRE((*job)->put_meta("files_synced", std::to_string(end)).has_value());
    if (power_cut) REQUIRE((*job)->put_meta("boot", "another start").has_value());
    REQUIRE((*job)->commit().has_value());
  }
  // As a power cut leaves it: nobody has written to it later than the program.
  void spoil(const std::string& file, std::string_view bytes) const {
    const auto before = std::filesystem::last_write_time(here.path(file));
    here.write(file, bytes);
    std::filesystem::last_write_time(here.path(file), before);
  }
  std::size_t asked(const std::string& target) {
    const auto of = [&](const SeenRequest& seen) { return seen.head.target == target; };
    return static_cast<std::size_t>(std::ranges::count_if(server.requests(), of));
  }
};

TEST_CASE("files of the last group that a power cut has spoilt are fetched again on resume") {
  CutPower cut;
  cut.forget_groups_after(1);
  cut.spoil("out/b", "");                           // its name was there, not its data
  std::filesystem::remove(cut.here.path("out/c"));  // nor the name
  const Ended resumed = cut.here.run({"resume", "out"});
  CHECK_MESSAGE(resumed.exit_code == 0, resumed.err);
  CHECK(says(resumed, "2 of the files finished last"));
  CHECK(cut.here.read("out/a") == "body of a");
  CHECK(cut.here.read("out/b") == "body of b");
  CHECK(cut.here.read("out/c") == "body of c");
  CHECK(cut.asked("/a") == 1);
  CHECK(cut.asked("/b") == 2);
  CHECK(cut.asked("/c") == 2);
}

TEST_CASE("files whose bytes are others, of the same number, are fetched again too") {
  CutPower cut;
  cut.forget_groups_after(0);
  cut.spoil("out/b", std::string(9, '\0'));
  const Ended resumed = cut.here.run({"resume", "out"});
  CHECK_MESSAGE(resumed.exit_code == 0, resumed.err);
  CHECK(cut.here.read("out/b") == "body of b");
  CHECK(cut.here.read("out/b.spoilt") == std::string(9, '\0'));
  CHECK(cut.server.requests().size() == 4);
}

TEST_CASE("the next batch does not begin over files that a power cut has spoilt") {
  CutPower cut;
  cut.forget_groups_after(0);
  cut.spoil("out/b", "");
  const Ended refused = cut.here.run({"get", "-o", "out", cut.server.url("/a")});
  CHECK(refused.exit_code == 2);
  CHECK(says(refused, "weft resume out"));
  CHECK(cut.here.run({"resume", "out"}).exit_code == 0);
  CHECK(cut.here.read("out/b") == "body of b");
  CHECK(cut.here.run({"get", "-o", "out", cut.server.url("/a")}).exit_code == 0);
}

TEST_CASE("a file that somebody has written to since is theirs, and no power cut's") {
  CutPower cut;
  cut.forget_groups_after(0);
  cut.here.write("out/b", "the user's own now");
  CHECK(cut.here.run({"resume", "out"}).exit_code == 0);
  CHECK(cut.here.read("out/b") == "the user's own now");
  CHECK(cut.server.requests().size() == 3);
}

TEST_CASE("without a new start of the system no power was cut, and no file is read again") {
  CutPower cut;
  cut.forget_groups_after(0, false);
  std::filesystem::remove(cut.here.path("out/b"));
  CHECK(cut.here.run({"resume", "out"}).exit_code == 0);
  CHECK(cut.server.requests().size() == 3);
}

TEST_CASE("a file that had its name, but no record yet, is not trusted after a power cut") {
  for (const bool power_cut : {true, false}) {
    std::atomic<bool> hangs{true};
    TestServer server([&hangs](Connection& client, const RequestHead& head) {
      if (!hangs) return ok("body of b")(client, head);
      client.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbod");
      client.wait_for_end();
    });
    const Workplace here;
    Process process(here.command({"get", "-o", "out", server.url("/b")}));
    wait_until_written(process, here.path("out/.weft/names"), 1);
    process.send(SIGKILL);
    process.wait();
    here.write("out/b", "");  // as if it had been renamed
    if (power_cut) {
      auto job = JobDb::open(here.path("out/.weft"));
      REQUIRE(job.has_value());
      REQUIRE((*job)->put_meta("boot", "another start").has_value());
      REQUIRE((*job)->commit().has_value());
    }
    hangs = false;
    const Ended resumed = here.run({"resume", "out"});
    CHECK_MESSAGE(resumed.exit_code == 0, resumed.err);
    CHECK(here.read("out/b") == (power_cut ? "body of b" : ""));
  }
}

TEST_CASE("a large file that was whole but for its bytes when power was cut is fetched again") {
  const std::string body = many(4'000'000, 7);
  std::atomic<bool> hangs{true};
  TestServer server([&](Connection& client, const RequestHead& head) {
    const std::vector<std::string> headers{"ETag: \"1\"", "Accept-Ranges: bytes"};
    if (!hangs) return ok(body, headers)(client, head);
    client.send("HTTP/1.1 200 OK\r\nETag: \"1\"\r\nAccept-Ranges: bytes\r\nContent-Length: " +
                std::to_string(body.size()) + "\r\n\r\n" + body.substr(0, 2'000'000));
    client.wait_for_end();
  });
  const Workplace here;
  const std::string job = here.path("out/.weft");
  Process process(here.command({"get", "--split", "1", "-o", "out", server.url("/b")}));
  wait_until_written(process, job + "/names", 1);
  const std::vector<std::string> one{"1"};
  while (!process.has_ended() && ask(job, "SELECT count(*) FROM part") != one) {
    std::this_thread::yield();
  }
  process.send(SIGKILL);
  process.wait();
  std::filesystem::rename(here.path("out/b.part"), here.path("out/b"));
  {
    auto opened = JobDb::open(job);
    REQUIRE(opened.has_value());
    REQUIRE((*opened)->put_meta("boot", "another start").has_value());
    REQUIRE((*opened)->commit().has_value());
  }
  hangs = false;
  CHECK(here.run({"resume", "out"}).exit_code == 0);
  CHECK(here.read("out/b") == body);
}

TEST_CASE("files of groups that are on the disk for certain are not read again") {
  CutPower cut;
  cut.forget_groups_after(3);
  cut.spoil("out/b", "as nobody left it");
  CHECK(cut.here.run({"resume", "out"}).exit_code == 0);
  CHECK(cut.here.read("out/b") == "as nobody left it");
  CHECK(cut.server.requests().size() == 3);
}

}  // namespace
}  // namespace weft::test
