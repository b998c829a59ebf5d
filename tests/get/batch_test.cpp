// Whole batches of a web that is a table: what stands on the disk, and what the records say.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "support/jobs.hpp"
#include "support/kept_records.hpp"
#include "support/table_web.hpp"
#include "support/temp_dir.hpp"
#include "weft/get/get.hpp"

namespace weft::test {
namespace {

std::string many(std::size_t size, unsigned seed = 1) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>((seed = seed * 1664525u + 1013904223u) >> 24);
  return bytes;
}

constexpr std::size_t kLargeSize = 5u << 20;  // five parts of the least size

// A directory, and batches that download into it by one worker.
struct Batch {
  explicit Batch(TableWeb& table) : web(table) {
    config.directory = dir.path();
    config.threads = 1;
    config.min_split = 1_MiB;
    web.keeps_job = true;
  }

  void run(const std::vector<std::string>& lines) {
    for (const std::string& line : lines) config.wanted.push_back(must(parse_list_line(line)));
    GetSeams seams{
        .clock = web.clock, .make_transfers = [this] { return web.transfers(); }, .sinks = {}};
    seams.sinks.push_back(std::make_unique<KeptRecords>(records));
    seams.on_complaint = [this](std::string_view text) { complaints.emplace_back(text); };
    auto get = Get::create(config, std::move(seams));
    if (!get) throw std::runtime_error(get.error().message);
    (*get)->run_here();
    result = (*get)->join();
  }

  std::string read(const std::string& name) const {
    std::ifstream file(dir.path() + "/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(dir.path()), {}));
  }
  std::size_t asked(const std::string& url) const {
    return static_cast<std::size_t>(std::ranges::count(web.asked, url, &Asked::url));
  }
  const Record& only() const {
    REQUIRE(records.size() == 1);
    return records.front();
  }

  TableWeb& web;
  const TempDir dir;
  GetConfig config;
  GetResult result;
  std::vector<Record> records;
  std::vector<std::string> complaints;
};

const Header* header(const Request& request, std::string_view name) {
  const auto found = std::ranges::find(request.headers, name, &Header::name);
  return found == request.headers.end() ? nullptr : &*found;
}

Answer truncated(std::string body, std::size_t after) {
  Answer answer = file(std::move(body));
  answer.cut = after;
  return answer;
}

// The table's transfers bring their bodies one after the other: only where the first one ends
// early is there anything left for other hands.
Answer slow(Answer answer) {
  answer.after = std::chrono::seconds(1);
  return answer;
}

TEST_CASE("a large file is had in parts, by several hands at once, after its first answer") {
  const std::string body = many(kLargeSize);
  TableWeb web{{"http://h/f", truncated(body, 100'000)}, {"http://h/f", slow(file(body))}};
  Batch batch(web);
  batch.run({"http://h/f"});
  CHECK(batch.only().outcome == Outcome::ok);
  CHECK(batch.only().digest == sha256_hex(body));
  CHECK(batch.only().file == "f");
  CHECK(batch.read("f") == body);
  CHECK(batch.files() == 1);
  CHECK(web.most_at_once > 1);
  CHECK(header(web.requests.front(), "Range") == nullptr);
  CHECK(header(web.requests.at(1), "Range") != nullptr);
  CHECK(header(web.requests.at(1), "If-Range")->value == "\"1\"");
}

TEST_CASE("the digest of a file that is read back while it comes is that of its bytes") {
  const std::string body = many(40u << 20);  // large enough for it
  TableWeb web{{"http://h/f", truncated(body, 30u << 20)}, {"http://h/f", file(body)}};
  Batch batch(web);
  batch.run({"http://h/f"});
  CHECK(batch.only().outcome == Outcome::ok);
  CHECK(batch.only().digest == sha256_hex(body));
  CHECK(batch.read("f") == body);
}

TEST_CASE("a file that was cut goes on where it was, if it is still the same") {
  const std::string body = many(200'000);
  TableWeb web{{"http://h/f", truncated(body, 120'000)}, {"http://h/f", file(body)}};
  Batch batch(web);
  batch.run({"http://h/f"});
  CHECK(batch.only().outcome == Outcome::ok);
  CHECK(batch.read("f") == body);
  CHECK(batch.only().attempts == 2);
  CHECK(header(web.requests.at(1), "Range")->value == "bytes=120000-199999");
}

TEST_CASE("a file that has changed meanwhile begins anew, and is never mixed") {
  const std::string old = many(200'000, 1);
  const std::string now = many(200'000, 2);
  TableWeb web{{"http://h/f", truncated(old, 120'000)}, {"http://h/f", file(now, "\"2\"")}};
  Batch batch(web);
  batch.run({"http://h/f"});
  CHECK(batch.only().outcome == Outcome::ok);
  CHECK(batch.read("f") == now);
  CHECK(batch.only().digest == sha256_hex(now));
}

TEST_CASE("a large file that changes between its parts ends as one of the two") {
  const std::string old = many(kLargeSize, 1);
  const std::string now = many(kLargeSize, 2);
  TableWeb web{{"http://h/f", truncated(old, 100'000)},
               {"http://h/f", slow(file(old, "\"1\""))},
               {"http://h/f", slow(file(now, "\"2\""))}};
  Batch batch(web);
  batch.run({"http://h/f"});
  CHECK(batch.only().outcome == Outcome::ok);
  CHECK(batch.read("f") == now);
  CHECK(batch.files() == 1);
}

TEST_CASE("a server that knows no ranges gives the whole again") {
  const std::string body = many(200'000);
  Answer plain{.body = body, .headers = {{"ETag", "\"1\""}}};
  Answer cut = plain;
  cut.cut = 50'000;
  cut.headers.push_back({"Content-Length", "200000"});
  TableWeb web{{"http://h/f", cut}, {"http://h/f", plain}};
  Batch batch(web);
  batch.run({"http://h/f"});
  CHECK(batch.only().outcome == Outcome::ok);
  CHECK(batch.read("f") == body);
}

TEST_CASE("where one mirror has no file another one is asked") {
  TableWeb web{{"http://b/f", file("body")}};
  Batch batch(web);
  batch.run({"http://a/f\thttp://b/f"});
  CHECK(batch.only().outcome == Outcome::ok);
  CHECK(batch.only().url == "http://a/f");
  CHECK(batch.read("f") == "body");
}

TEST_CASE("mirrors share a large file where a checksum tells that it is one") {
  const std::string body = many(kLargeSize);
  TableWeb web{{"http://a/f", truncated(body, 100'000)},
               {"http://a/f", slow(file(body))},
               {"http://b/f", slow(file(body, "\"b\""))}};
  Batch batch(web);
  batch.run({"http://a/f\thttp://b/f\tchecksum=" + sha256_hex(body)});
  CHECK(batch.only().outcome == Outcome::ok);
  CHECK(batch.read("f") == body);
  CHECK(batch.asked("http://b/f") > 0);
}

TEST_CASE("without a checksum a mirror is no place for a part") {
  const std::string body = many(kLargeSize);
  TableWeb web{{"http://a/f", truncated(body, 100'000)},
               {"http://a/f", slow(file(body))},
               {"http://b/f", file(many(kLargeSize, 2))}};
  Batch batch(web);
  batch.run({"http://a/f\thttp://b/f"});
  CHECK(batch.read("f") == body);
  CHECK(batch.asked("http://b/f") == 0);
}

TEST_CASE("a body that its checksum denies is had once more, and then never appears") {
  const std::string sum = sha256_hex("right");
  TableWeb web{{"http://h/once", file("wrong")},
               {"http://h/once", file("right")},
               {"http://h/never", file("wrong")}};
  Batch batch(web);
  batch.run({"http://h/once\tchecksum=" + sum, "http://h/never\tchecksum=" + sum});
  CHECK(batch.read("once") == "right");
  CHECK(batch.files() == 1);
  CHECK(batch.asked("http://h/never") == 2);
  const auto never = std::ranges::find(batch.records, "http://h/never", &Record::url);
  REQUIRE(never != batch.records.end());
  CHECK(never->outcome == Outcome::checksum_mismatch);
  CHECK(never->file.empty());
  CHECK(never->entry == "http://h/never\tchecksum=" + sum);
}

TEST_CASE("what a line says besides its URL goes to the URL's own origin alone") {
  TableWeb web{{"http://h/a", redirect("http://other/b")}, {"http://other/b", file("body")}};
  Batch batch(web);
  batch.run({"http://h/a\theader=Authorization: Basic x"});
  CHECK(batch.read("a") == "body");
  CHECK(batch.only().location == "http://other/b");
  CHECK(header(web.requests.at(0), "Authorization") != nullptr);
  CHECK(header(web.requests.at(1), "Authorization") == nullptr);
  CHECK(web.requests.at(1).addresses == AddressPolicy::public_only);
}

TEST_CASE("redirects that lead in a circle end") {
  TableWeb web{{"http://h/a", redirect("http://h/b")}, {"http://h/b", redirect("http://h/a")}};
  Batch batch(web);
  batch.run({"http://h/a"});
  CHECK(batch.only().outcome == Outcome::protocol_error);
  CHECK(batch.files() == 0);
}

TEST_CASE("the same URL to the same place is had once") {
  TableWeb web{{"http://h/a", file("body")}};
  Batch batch(web);
  batch.run({"http://h/a", "http://h/a", "http://h/a\tout=b"});
  CHECK(batch.records.size() == 3);
  CHECK(std::ranges::count(batch.records, Outcome::duplicate, &Record::outcome) == 1);
  CHECK(batch.files() == 2);
}

TEST_CASE("two files of one name are both kept") {
  TableWeb web{{"http://a/f.txt", file("one")}, {"http://b/f.txt", file("two")}};
  Batch batch(web);
  batch.run({"http://a/f.txt", "http://b/f.txt"});
  CHECK(batch.files() == 2);
  const std::string both = batch.read("f.txt") + batch.read("f.1.txt");
  CHECK((both == "onetwo" || both == "twoone"));
}

TEST_CASE("a file that the server names otherwise is called so") {
  Answer named = file("body");
  named.headers.push_back({"Content-Disposition", "attachment; filename=\"x.tar.gz\""});
  TableWeb web{{"http://h/get?id=1", named}};
  Batch batch(web);
  batch.run({"http://h/get?id=1"});
  CHECK(batch.read("x.tar.gz") == "body");
  CHECK(batch.only().file == "x.tar.gz");
}

TEST_CASE("an empty file is a file, and one whose length nobody says is whole at its end") {
  TableWeb web{{"http://h/empty", file("")}, {"http://h/open", {.body = "body"}}};
  Batch batch(web);
  batch.run({"http://h/empty", "http://h/open"});
  CHECK(batch.files() == 2);
  CHECK(batch.read("open") == "body");
  CHECK(std::ranges::count(batch.records, Outcome::ok, &Record::outcome) == 2);
}

TEST_CASE("what is to be verified alone leaves nothing") {
  TableWeb web{{"http://h/a", file("body")}};
  Batch batch(web);
  batch.config.discard = true;
  batch.run({"http://h/a\tchecksum=" + sha256_hex("body")});
  CHECK(batch.only().outcome == Outcome::ok);
  CHECK(batch.only().digest == sha256_hex("body"));
  CHECK(batch.files() == 0);
}

TEST_CASE("the digest that the server names holds where the user names none") {
  Answer lying = file("body");
  lying.headers.push_back(
      {"Repr-Digest", "sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:"});
  TableWeb web{{"http://h/a", lying}, {"http://h/b", lying}};
  Batch batch(web);
  batch.run({"http://h/a", "http://h/b\tchecksum=" + sha256_hex("body")});
  CHECK(batch.files() == 1);
  CHECK(batch.read("b") == "body");
}

}  // namespace
}  // namespace weft::test
