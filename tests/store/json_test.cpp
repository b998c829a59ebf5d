#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "weft/store/jsonl.hpp"

namespace weft {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;

Record full_record() {
  return Record{
      .url = "https://example.org/a",
      .kind = RecordKind::page,
      .outcome = Outcome::timeout,
      .status = 200,
      .depth = 1,
      .via = "https://example.org/",
      .location = "https://example.org/b",
      .media_type = "text/html",
      .charset = "utf-8",
      .bytes = 5120,
      .wire_bytes = 1702,
      .digest = "sha256:9f",
      .links = 12,
      .title = "A page",
      .attempts = 2,
      .fetched_at = Clock::wall_time(1767323045678ms),
      .ms = {.dns = 100us, .connect = 440us, .tls = {}, .first_byte = 3260us, .total = 4ms},
      .ip = "93.184.215.14",
      .http = "1.1",
      .error = RecordError{.code = "timeout", .message = "no bytes for 30 s from example.org"},
      .rule = "max-time",
  };
}

TEST_CASE("a record carries every field the README documents, in its order") {
  CHECK(to_json(full_record()) ==
        R"({"url":"https://example.org/a","kind":"page","outcome":"timeout","status":200,)"
        R"("depth":1,"via":"https://example.org/","location":"https://example.org/b",)"
        R"("media_type":"text/html","charset":"utf-8","bytes":5120,"wire_bytes":1702,)"
        R"("digest":"sha256:9f","links":12,"title":"A page","attempts":2,)"
        R"("fetched_at":"2026-01-02T03:04:05.678Z",)"
        R"("ms":{"dns":0.1,"connect":0.4,"tls":0,"first_byte":3.3,"total":4.0},)"
        R"("ip":"93.184.215.14","http":"1.1",)"
        R"("error":{"code":"timeout","message":"no bytes for 30 s from example.org"},)"
        R"("rule":"max-time","file":null,"warc":null})");
}

TEST_CASE("what is absent is null, and a rule is there only where one decided") {
  const Json json = Json::parse(to_json(Record{.url = "http://h.example/"}));
  for (const char* key : {"status", "via", "location", "media_type", "charset", "digest", "title",
                          "fetched_at", "ip", "http", "error", "file", "warc"}) {
    CAPTURE(key);
    REQUIRE(json.contains(key));
    CHECK(json[key].is_null());
  }
  CHECK_FALSE(json.contains("rule"));
  CHECK(json["outcome"] == "ok");
  for (const char* key : {"depth", "bytes", "wire_bytes", "links", "attempts"}) {
    CAPTURE(key);
    CHECK(json[key] == 0);
  }
  CHECK(json["ms"] ==
        Json({{"dns", 0}, {"connect", 0}, {"tls", 0}, {"first_byte", 0}, {"total", 0}}));
}

TEST_CASE("a change is written where there was a visit before, after the rule") {
  CHECK(to_json(Record{.rule = "r", .change = "unchanged"})
            .find(R"("rule":"r","change":"unchanged","file":)") != std::string::npos);
  CHECK_FALSE(Json::parse(to_json(Record{})).contains("change"));
}

TEST_CASE("the kind tells pages from robots.txt and sitemaps") {
  CHECK(Json::parse(to_json(Record{.kind = RecordKind::page}))["kind"] == "page");
  CHECK(Json::parse(to_json(Record{.kind = RecordKind::robots}))["kind"] == "robots");
  CHECK(Json::parse(to_json(Record{.kind = RecordKind::sitemap}))["kind"] == "sitemap");
}

TEST_CASE("sizes beyond 32 bits are written in full") {
  const Record record{.bytes = 18446744073709551615U};
  CHECK(to_json(record).find("\"bytes\":18446744073709551615,") != std::string::npos);
}

TEST_CASE("milliseconds have one decimal, rounded; what did not happen is 0") {
  const auto written = [](Clock::duration total) {
    return Json::parse(to_json(Record{.ms = {.total = total}}))["ms"]["total"].dump();
  };
  CHECK(written(4ms) == "4.0");
  CHECK(written(1234567us) == "1234.6");
  CHECK(written(60us) == "0.1");
  CHECK(written(1ns) == "0");
  CHECK(written(-5ms) == "0");
}

TEST_CASE("a line is valid JSON on one line whatever bytes a server sent") {
  struct Row {
    std::string title;
    std::string read_back;
    const char* why;
  };
  const Row rows[] = {
      {"a\"b\\c/d", "a\"b\\c/d", "quotes and backslashes"},
      {"a\r\n\tb", "a\r\n\tb", "line ends, which would tear the line"},
      {std::string("a\0b\x1f", 4), std::string("a\0b\x1f", 4), "NUL and other C0 controls"},
      {"\x1b[31m\x7f", "\x1b[31m\x7f", "what a terminal obeys"},
      {"\xC2\x9B", "\xC2\x9B", "a C1 control, which terminals obey too"},
      {"\xC3\xA9 \xF0\x9F\x95\xB8", "\xC3\xA9 \xF0\x9F\x95\xB8", "UTF-8 stays as it is"},
      {"caf\xE9!", "caf\xEF\xBF\xBD!", "Latin-1 is not UTF-8"},
      {"\xF0\x9F\x95", "\xEF\xBF\xBD", "a character cut short"},
      {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", "a surrogate"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.why);
    const std::string line = to_json(Record{.title = row.title});
    CHECK(Json::parse(line)["title"] == row.read_back);
    for (const char c : line) CHECK((static_cast<unsigned char>(c) >= 0x20 && c != 0x7F));
    CHECK(line.find("\xC2\x9B") == std::string::npos);
  }
}

TEST_CASE("every byte in every place of a string is read back or replaced") {
  for (int byte = 0; byte < 256; ++byte) {
    CAPTURE(byte);
    const std::string text = "x" + std::string(1, static_cast<char>(byte)) + "y";
    const Json json = Json::parse(to_json(Record{.url = text, .title = text}));
    CHECK(json["url"] == (byte < 0x80 ? text : "x\xEF\xBF\xBDy"));
    CHECK(json["url"] == json["title"]);
  }
}

TEST_CASE("a link record says from where to where, of what kind and by which words") {
  const LinkRecord link{.from = "http://a/", .to = "http://b/", .kind = "a", .text = "b \"b\""};
  CHECK(to_json(link) == R"({"from":"http://a/","to":"http://b/","kind":"a","text":"b \"b\""})");
}

}  // namespace
}  // namespace weft
